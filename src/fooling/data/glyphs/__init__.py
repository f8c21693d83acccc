"""Glyphs: characters drawn from fonts, a data set of up to a thousand classes."""
