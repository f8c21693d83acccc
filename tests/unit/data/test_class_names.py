from fooling.data.class_names import class_name


def test_classes_are_called_by_name_where_they_have_one():
    assert [class_name("cifar10", target) for target in (0, 6, 9)] == ["airplane", "frog", "truck"]
    assert class_name("imagenet", 0) == "tench"
    assert class_name("mnist", 6) == "6"


def test_the_owner_of_a_network_names_its_classes():
    assert class_name("flowers", 1, ["daisy", "tulip"]) == "tulip"
    assert class_name("flowers", 1) == "1"
