"""The queries of images, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.images import ProductImage

__all__ = ["ImagesQueries"]


class ImagesQueries(Protocol):
    """The queries of images.sql."""

    def delete_image(self, *, product_image_id: int) -> int:
        """Remove an image.

        images.sql:1
        """
        ...

    def insert_image(
        self, *, product_id: int, variant_id: int | None, url: str, alt_text: str, position: int, now: datetime
    ) -> ProductImage | None:
        """Add an image to a product.

        images.sql:9
        """
        ...

    def list_images(self, *, product_id: int, max_rows: int) -> list[ProductImage]:
        """The images of a product, in their order.

        images.sql:47
        """
        ...

    def rearrange_images(
        self, *, product_id: int, product_image_ids: tuple[int, ...] | list[int], first_position: int, now: datetime
    ) -> None:
        """Put the images of a product in the order of the list, one place each from the first on.

        images.postgresql.sql:1 and images.sqlite.sql:1
        """
        ...

    def update_image(
        self,
        *,
        product_image_id: int,
        url: str | None,
        alt_text: str | None,
        sets_variant_id: bool,
        variant_id: int | None,
        now: datetime,
    ) -> ProductImage | None:
        """Change the fields that are given; NULL leaves one as it is, unless its sets_ flag says to write it.

        images.sql:67
        """
        ...
