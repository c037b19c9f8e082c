"""Pictures that people upload, as pages show them."""

import io
import warnings
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

_QUALITY = 82
# A PNG is decoded whole, four bytes a point, before it can be made smaller; a JPEG is not.
_MOST_POINTS = 40_000_000


def redrawn(file: Any, *, width: int) -> bytes:
    """A JPEG at most so wide, upright, without what the camera wrote beside the picture (the place
    and the hour); nothing when the file is gone, is no picture, or does not decode to its end."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with file.open("rb") as stored, Image.open(stored, formats=["JPEG", "PNG"]) as picture:
                if picture.format == "PNG" and picture.width * picture.height > _MOST_POINTS:
                    return b""
                picture.draft("RGB", (width * 2, width * 2))
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


def _on_paper(picture: Image.Image) -> Image.Image:
    """What one sees through shows white, as on the page where the picture will stand."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    paper.alpha_composite(layer)
    return paper.convert("RGB")
