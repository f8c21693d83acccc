from dataclasses import replace

import pytest

from fooling.errors import FoolingError
from fooling.networks.cure_record import cure_of, round_of
from fooling.networks.network_file import load_network


@pytest.mark.parametrize("damaged", [3, None, {"name": "acet"}, {"name": "prayer", "round": 2, "settings": {}}])
def test_a_damaged_record_is_a_sentence(network, damaged):
    trained = replace(load_network(network), training={"cure": damaged})
    with pytest.raises(FoolingError, match="What the network's file says of its cure is damaged"):
        cure_of(trained)


def test_a_network_with_a_fooling_class_is_of_the_round_after_its_images(network):
    trained = replace(load_network(network), fooling_rounds=3)
    assert (cure_of(trained), round_of(trained)) == ("fooling_class", 4)
