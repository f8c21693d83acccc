import pytest
from small import small_origin

from fooling.artifacts.origin import AuthorsOrigin
from fooling.errors import FoolingError
from fooling.results.evolution_scale import evolution_scale


def test_the_scale_is_that_of_all_runs_in_words():
    assert evolution_scale([small_origin(), small_origin()]) == (
        "MNIST, CPPN encoding, 10 children \N{MULTIPLICATION SIGN} 20 generations, 2 runs against lenet-1; the paper: "
        "200 \N{MULTIPLICATION SIGN} 200, 5 runs"
    )


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        (small_origin(method="ascent"), "of gradient ascent; give sets that evolution made"),
        (
            AuthorsOrigin(
                method="authors_cppn",
                network="lite0",
                dataset="imagenet",
                classes=1000,
                generations=5000,
                targets="first_choice",
            ),
            "of the authors' published images; give sets that evolution made",
        ),
    ],
)
def test_what_evolution_did_not_make_here_has_none(origin, told):
    with pytest.raises(FoolingError, match=told):
        evolution_scale([small_origin(), origin])
