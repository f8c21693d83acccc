import re
from pathlib import Path

import pytest

from fooling.errors import FoolingError
from fooling.settings.config import Config, load_config
from fooling.workflow.mistakes import check_cifar100, check_glyphs, check_imagenet, check_networks, or_exit, tell_merged
from fooling.workflow.wildcards import one_of


def config(**sections) -> Config:
    return load_config({"networks": {"lenet": {}}, **sections}, "Mistakes")


def refuse(what, *, how):
    raise FoolingError(f"There is no {what}; {how}.")


def test_a_mistake_ends_the_program_with_its_sentence():
    with pytest.raises(SystemExit, match=r"^Error: There is no network; name one\.$"):
        or_exit(refuse, "network", how="name one")
    assert or_exit(sorted, [2, 1], reverse=True) == [2, 1]


def test_a_network_that_does_not_exist_is_named_by_its_key():
    check_networks(config(pretrained={"lite0": {"architecture": "efficientnet-lite0"}}))
    with pytest.raises(FoolingError, match=r"^pretrained\.own: torchvision has no network alexnett"):
        check_networks(config(pretrained={"own": {"architecture": "torchvision/alexnett"}}))


def test_imagenet_is_checked_where_it_is_given_or_needed(tmp_path):
    check_imagenet(config())
    with pytest.raises(FoolingError, match="missing"):
        check_imagenet(config(datasets={"imagenet": {"root": str(tmp_path / "missing")}}))
    pretrained = {"lite0": {"architecture": "efficientnet-lite0"}}
    heads = {"imagenet": {"networks": ["lite0"], "head_training": {}}}
    check_imagenet(config(pretrained=pretrained, retraining=heads))
    chains = {"imagenet": {"networks": ["lite0"], "imagenet_training": {}}}
    with pytest.raises(FoolingError, match="needs ILSVRC-2012; set "):
        check_imagenet(config(pretrained=pretrained, retraining=chains))


def test_a_wildcard_is_one_of_some_names_or_none_at_all():
    assert [bool(re.fullmatch(one_of(["a", "b"]), name)) for name in ("a", "b", "ab", "")] == [True, True, False, False]
    assert not re.match(one_of([]), "")


def test_several_configurations_are_told(capsys):
    tell_merged(["a.yaml"])
    assert not capsys.readouterr().err
    tell_merged(["a.yaml", Path("b.yaml")])
    assert "Merged configurations: a.yaml, b.yaml; where several have a key, the last" in capsys.readouterr().err


def test_sheets_of_cifar100_are_checked_where_they_are_given(tmp_path):
    check_cifar100(config())
    with pytest.raises(FoolingError, match="lacks the class apple"):
        check_cifar100(config(datasets={"cifar100": {"folder": str(tmp_path)}}))


def test_fonts_are_needed_where_a_network_is_trained_on_glyphs(tmp_path):
    check_glyphs(config(datasets={"glyphs": {"fonts": [str(tmp_path / "gone.ttf")]}}))
    glyphs = {"lenet": {"dataset": "glyphs"}}
    with pytest.raises(FoolingError, match=r"^datasets\.glyphs\.fonts: networks of glyphs need fonts"):
        check_glyphs(config(networks=glyphs))
    (tmp_path / "a.ttf").touch()
    fonts = {"fonts": [str(tmp_path)], "test_fonts": [str(tmp_path / "gone.ttf")]}
    with pytest.raises(FoolingError, match=r"There is no font .*gone\.ttf"):
        check_glyphs(config(networks=glyphs, datasets={"glyphs": fonts}))
