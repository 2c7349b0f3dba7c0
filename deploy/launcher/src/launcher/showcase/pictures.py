"""Pictures of the demo products: drawn, so that none has to be shipped."""

import colorsys
import hashlib
import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = 480
FONT_FILES = (
    "/usr/share/fonts/truetype/nanum/NanumGothicBold.ttf",
    "/usr/share/fonts/truetype/nanum/NanumBarunGothicBold.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
)
MARK_RADIUS = 120
CARD_SIZE = (640, 480)
CARD_DOTS = 40


def picture(brand: str, name: str, category: str) -> bytes:
    """A PNG of a product: its category's colour, its brand's mark, its name."""
    hue = int(hashlib.sha256(brand.encode()).hexdigest()[:4], 16) / 0xFFFF
    image = Image.new("RGB", (SIZE, SIZE))
    draw = ImageDraw.Draw(image)
    for row in range(SIZE):
        draw.line([(0, row), (SIZE, row)], fill=_colour(hue, 0.35, 0.98 - 0.18 * row / SIZE))
    centre = (SIZE // 2, SIZE * 2 // 5)
    draw.circle(centre, MARK_RADIUS, fill=_colour(hue, 0.75, 0.62))
    draw.circle(centre, MARK_RADIUS - 12, outline=_colour(hue, 0.2, 0.95), width=4)
    white, ink = (255, 255, 255), _colour(hue, 0.8, 0.25)
    _write(draw, brand[:2], centre, 96, white)
    _write(draw, name, (SIZE // 2, SIZE * 13 // 16), 36, ink)
    _write(draw, f"{brand} · {category}", (SIZE // 2, SIZE * 29 // 32), 22, ink)
    output = io.BytesIO()
    image.save(output, "PNG", optimize=True)
    return output.getvalue()


def card(theme: str, title: str) -> bytes:
    """A JPEG card of a message template: its theme's colour, a ribbon and its words."""
    hue = int(hashlib.sha256(theme.encode()).hexdigest()[:4], 16) / 0xFFFF
    image = Image.new("RGB", CARD_SIZE)
    draw = ImageDraw.Draw(image)
    width, height = CARD_SIZE
    for row in range(height):
        draw.line([(0, row), (width, row)], fill=_colour(hue, 0.18 + 0.3 * row / height, 0.99 - 0.1 * row / height))
    for number in range(CARD_DOTS):
        digest = hashlib.sha256(f"{theme}{number}".encode()).digest()
        place = (digest[0] * width // 255, digest[1] * height // 255)
        draw.circle(place, 6 + digest[2] // 16, fill=_colour((hue + digest[3] / 1024) % 1, 0.35, 1.0))
    panel = (width // 10, height // 4, width * 9 // 10, height * 3 // 4)
    draw.rounded_rectangle(panel, radius=28, fill=(255, 255, 255))
    ink = _colour(hue, 0.75, 0.45)
    _write(draw, theme, (width // 2, height * 2 // 5), 34, ink)
    _write(draw, title, (width // 2, height * 3 // 5), 62, ink)
    output = io.BytesIO()
    image.save(output, "JPEG", quality=88)
    return output.getvalue()


def _write(draw: ImageDraw.ImageDraw, text: str, at: tuple[int, int], size: int, fill: tuple[int, int, int]) -> None:
    font = _font(size)
    if font is not None:
        draw.text(at, text, font=font, fill=fill, anchor="mm")


def _font(size: int) -> ImageFont.FreeTypeFont | None:
    """A font with Hangul, if the machine has one; without one the picture goes without words."""
    for file in FONT_FILES:
        if Path(file).exists():
            return ImageFont.truetype(file, size)
    return None


def _colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
