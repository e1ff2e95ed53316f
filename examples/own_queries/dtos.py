"""The rows of the example's own queries."""

from pydantic import BaseModel


class NotedCustomer(BaseModel, frozen=True):
    """A customer with the clerk's note, if there is one."""

    customer_id: int
    first_name: str
    note: str | None
