"""Pictures that people upload, as pages show them."""

import io
import warnings
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

_QUALITY = 82
# What is unfolded whole before it can be made smaller takes four to six bytes a point.
_MOST_POINTS = 40_000_000


def redrawn(file: Any, *, width: int) -> bytes:
    """A JPEG at most so wide, upright, without what the camera wrote beside the picture (the place
    and the hour); nothing when the file is gone, is no picture, or does not decode to its end."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with file.open("rb") as stored, Image.open(stored, formats=["JPEG", "PNG"]) as picture:
                if not is_affordable(picture, width=width * 2):
                    return b""
                upright = _on_paper(ImageOps.exif_transpose(picture))
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Warning,
    ):
        return b""
    upright.thumbnail((width, width))
    drawn = io.BytesIO()
    # A new picture: only its points are taken over.
    Image.frombytes("RGB", upright.size, upright.tobytes()).save(drawn, "JPEG", quality=_QUALITY)
    return drawn.getvalue()


def is_affordable(picture: Image.Image, *, width: int) -> bool:
    """Whether it can be read at least so wide without filling the memory. A JPEG is read smaller than
    it is, from now on; not where it is many times wider than high, and one that shows itself little
    by little is unfolded whole beforehand. A PNG always is."""
    whole = picture.width * picture.height
    picture.draft("RGB", (width, width))
    held = whole if picture.info.get("progressive") else picture.width * picture.height
    return held <= _MOST_POINTS


def _on_paper(picture: Image.Image) -> Image.Image:
    """What one sees through shows white, as on the page where the picture will stand."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    paper.alpha_composite(layer)
    return paper.convert("RGB")
