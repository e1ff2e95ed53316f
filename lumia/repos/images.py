"""Images: added, changed, removed and rearranged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lumia.dto.base import UNCHANGED, Unchanged, checked_id, checked_items, validated
from lumia.dto.images import ImageOrder, ImageUpdate, NewImage, ProductImage
from lumia.errors import InvalidValue, NotFound
from lumia.repos.base import Repository, found, made
from lumia.repos.products import MAX_IMAGES, no_product

__all__ = ["Images"]

_ONE_ROW: Final = 1


class Images(Repository):
    """The part of the catalogue's repository that keeps images."""

    def add_image(
        self, product_id: int, *, url: str, alt_text: str = "", variant_id: int | None = None
    ) -> ProductImage:
        """Add an image behind those that a product has. Three statements.

        `url` is an http or https URL or a path, of 1 to 2,000 characters; `alt_text` says in up to 500 what it shows;
        `variant_id` is the variant of this product that it shows. A product has at most 100 images. Raises `NotFound`,
        `InvalidValue`, and `InvalidReference` for a variant that does not exist or is another product's.
        """
        new = validated(NewImage, url=url, alt_text=alt_text, variant_id=variant_id)
        checked_id("product_id", product_id)
        with self._context.unit(write=True) as unit:
            # Whoever adds or rearranges images of one product waits here for whoever does so already.
            found(unit.q.products.touch_product(product_id=product_id, now=unit.now()), no_product(product_id))
            before: list[ProductImage] = unit.q.images.list_images(product_id=product_id, max_rows=MAX_IMAGES)
            if len(before) == MAX_IMAGES:
                message = f"product {product_id} has {MAX_IMAGES} images, which is the most"
                raise InvalidValue(message)
            position = before[-1].position + 1 if before else 0
            return made(
                unit.q.images.insert_image(product_id=product_id, **dict(new), position=position, now=unit.now())
            )

    def update_image(
        self,
        product_image_id: int,
        *,
        url: str | None = None,
        alt_text: str | None = None,
        variant_id: int | Unchanged | None = UNCHANGED,
    ) -> ProductImage:
        """Change what is given; a `variant_id` of None makes it an image of the product as a whole. One statement.

        Raises `NotFound`, and what `add_image` raises.
        """
        given = {} if variant_id is UNCHANGED else {"variant_id": variant_id}
        change = validated(ImageUpdate, url=url, alt_text=alt_text, **given)
        checked_id("product_image_id", product_image_id)
        with self._context.unit(write=True) as unit:
            row: ProductImage | None = unit.q.images.update_image(
                product_image_id=product_image_id, **dict(change), sets_variant_id=bool(given), now=unit.now()
            )
            return found(row, _no_image(product_image_id))

    def remove_image(self, product_image_id: int) -> None:
        """Remove an image; the others keep their order. Raises `NotFound`. One statement."""
        checked_id("product_image_id", product_image_id)
        with self._context.unit(write=True) as unit:
            if unit.q.images.delete_image(product_image_id=product_image_id) < _ONE_ROW:
                raise NotFound(_no_image(product_image_id))

    def reorder_images(self, product_id: int, image_ids: Sequence[int]) -> tuple[ProductImage, ...]:
        """Put a product's images in the order of `image_ids`, all of them at once, and return them so. Four statements.

        `image_ids` names each image of the product once: raises `InvalidValue` where one is missing, stands twice or
        is another product's, so that an image added meanwhile is not lost from sight. Raises `NotFound`.
        """
        wanted = validated(ImageOrder, image_ids=checked_items("image_ids", image_ids)).image_ids
        checked_id("product_id", product_id)
        with self._context.unit(write=True) as unit:
            now = unit.now()
            found(unit.q.products.touch_product(product_id=product_id, now=now), no_product(product_id))
            before: list[ProductImage] = unit.q.images.list_images(product_id=product_id, max_rows=MAX_IMAGES)
            if sorted(wanted) != sorted(image.product_image_id for image in before):
                message = f"image_ids: name each image of product {product_id} once: catalog.get_product shows them"
                raise InvalidValue(message)
            unit.q.images.rearrange_images(
                product_id=product_id,
                product_image_ids=wanted,
                first_position=_free_block([image.position for image in before]),
                now=now,
            )
            return tuple(unit.q.images.list_images(product_id=product_id, max_rows=MAX_IMAGES))


def _free_block(taken: Sequence[int]) -> int:
    # Rows are checked one by one while the statement runs, on both engines, so that no image may take a place that
    # another one has yet to leave: they all move to places that nobody had, to the front as soon as there is room.
    return 0 if not taken or taken[0] >= len(taken) else taken[-1] + 1


def _no_image(product_image_id: int) -> str:
    return f"there is no image {product_image_id}: catalog.get_product shows a product's images"
