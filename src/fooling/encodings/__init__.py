"""How an image is written as a genome: directly, pixel by pixel, or as a CPPN."""
