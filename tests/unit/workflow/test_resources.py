import pytest

from fooling.workflow.resources import DAY, JobResources

LENET, LITE = {"network": "lenet-1"}, {"network": "lite0"}


def resources(targets) -> JobResources:
    return JobResources(targets.config, targets.networks)


def test_a_retry_asks_for_as_much_again(lite):
    needs = resources(lite).needs(mem_mb=3000, minutes=60)
    assert set(needs) == {"mem_mb", "runtime"}
    assert [needs["mem_mb"](LENET, attempt) for attempt in (1, 2, 3)] == [3000, 6000, 9000]
    assert [needs["runtime"](LENET, attempt) for attempt in (1, 2, 3)] == [60, 120, 180]


def test_a_job_on_a_network_that_was_trained_elsewhere_asks_for_a_day(lite):
    needs = resources(lite).needs(mem_mb=3000, minutes=60, large_mb=16000)
    assert (needs["mem_mb"](LITE, 1), needs["runtime"](LITE, 1)) == (16000, DAY)
    assert needs["runtime"]({"network": "both"}, 2) == 2 * DAY
    assert (needs["mem_mb"](LENET, 1), needs["runtime"](LENET, 1)) == (3000, 60)
    assert needs["runtime"]({"experiment": "mnist"}, 1) == 60
    assert resources(lite).needs(mem_mb=3000, minutes=60)["mem_mb"](LITE, 1) == 3000


def test_only_jobs_on_small_networks_are_grouped(lite):
    assert [resources(lite).group({"network": name}) for name in ("lenet-2", "lite1", "both")] == ["short", None, None]


@pytest.mark.parametrize(("device", "gpus"), [("cpu", {}), ("auto", {}), ("cuda", {"gpu": 1})])
def test_a_gpu_is_asked_for_where_one_is_demanded(make_targets, device, gpus):
    needs = resources(make_targets(compute={"device": device})).needs(mem_mb=1, minutes=1)
    assert {name: amount for name, amount in needs.items() if name == "gpu"} == gpus


def test_each_process_of_a_training_on_imagenet_has_its_own(make_targets):
    targets = make_targets(
        compute={"device": "cuda", "threads": 2},
        pretrained={"lite0": {"architecture": "efficientnet-lite0"}},
        retraining={"imagenet": {"networks": ["lite0"], "imagenet_training": {"processes": 4, "workers": 3}}},
    )
    needs, job = resources(targets).imagenet_needs(), {"experiment": "imagenet", "network": "lite0"}
    assert needs["gpu"](job) == 4
    assert needs["mem_mb"](job, 2) == 2 * 4 * 8000
    assert needs["runtime"](job, 1) == 2 * DAY
    assert resources(targets).imagenet_threads(job) == 4 * (2 + 3)
    assert resources(targets).imagenet_start(job) == "torchrun --standalone --nproc-per-node 4"
