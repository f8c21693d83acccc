from fooling.data.class_names import class_name
from fooling.settings.cifar100_classes import CLASSES, SUPERCLASS_OF, SUPERCLASSES


def test_classes_are_called_by_name_where_they_have_one():
    assert [class_name("cifar10", target) for target in (0, 6, 9)] == ["airplane", "frog", "truck"]
    assert [class_name("cifar100", target) for target in (0, 1, 23, 99)] == ["apple", "aquarium_fish", "cloud", "worm"]
    assert [class_name("cifar100_coarse", target) for target in (0, 19)] == ["aquatic_mammals", "vehicles_2"]
    assert class_name("imagenet", 0) == "tench"
    assert class_name("mnist", 6) == "6"


def test_the_owner_of_a_network_names_its_classes():
    assert class_name("flowers", 1, ["daisy", "tulip"]) == "tulip"
    assert class_name("flowers", 1) == "1"


def test_cifar100_is_numbered_as_its_authors_do():
    """Against the list of superclasses that the authors' files give for the classes 0 to 99."""
    published = (
        "4 1 14 8 0 6 7 7 18 3 3 14 9 18 7 11 3 9 7 11 6 11 5 10 7 6 13 15 3 15 0 11 1 10 12 14 16 9 11 5 5 19 8 8 15 "
        "13 14 17 18 10 16 4 17 4 2 0 17 4 18 17 10 3 2 12 12 16 12 1 9 19 2 10 0 1 16 12 9 13 15 13 16 19 2 4 6 19 5 "
        "5 8 19 18 1 2 15 6 0 17 8 14 13"
    )
    assert list(SUPERCLASS_OF) == [int(number) for number in published.split()]
    assert list(SUPERCLASSES) == sorted(SUPERCLASSES)
    assert {len(names) for names in SUPERCLASSES.values()} == {5}
    assert len(set(CLASSES)) == 100
