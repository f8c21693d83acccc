import numpy as np
import torch

from fooling.training.augmentation import PADDING, flip_and_move


def views(image: np.ndarray) -> set[bytes]:
    """Return every view of an image, cut one by one out of the padded image and its mirror image."""
    sides = ((0, 0), (PADDING, PADDING), (PADDING, PADDING))
    height, width = image.shape[1:]
    padded = [np.pad(side, sides) for side in (image, image[:, :, ::-1])]
    offsets = range(2 * PADDING + 1)
    return {
        side[:, top : top + height, left : left + width].tobytes()
        for side in padded
        for top in offsets
        for left in offsets
    }


def test_each_image_becomes_one_of_its_views_and_all_of_them_occur(device):
    image = np.random.default_rng(4).integers(1, 256, (3, 10, 12), dtype=np.uint8)
    generator = torch.Generator(device).manual_seed(0)
    batch = torch.from_numpy(image).to(device).expand(4000, -1, -1, -1)
    made = flip_and_move(batch, generator).cpu().numpy()
    assert made.shape == (4000, 3, 10, 12)
    assert made.dtype == np.uint8
    seen = {view.tobytes() for view in made}
    assert seen == views(image)


def test_images_of_a_batch_stay_apart_and_are_changed_independently(device):
    images = torch.from_numpy(np.random.default_rng(5).integers(1, 256, (40, 1, 8, 8), dtype=np.uint8)).to(device)
    made = flip_and_move(images, torch.Generator(device).manual_seed(1)).cpu().numpy()
    for image, view in zip(images.cpu().numpy(), made, strict=True):
        assert view.tobytes() in views(image)
    again = flip_and_move(images, torch.Generator(device).manual_seed(1)).cpu().numpy()
    np.testing.assert_array_equal(made, again)
