"""Serve the shop on this machine: `python -m examples.fastapi_shop [URL]`, then look at http://127.0.0.1:8000/docs."""

import os
import sys

import uvicorn

from examples.fastapi_shop.app import create_app
from examples.fastapi_shop.goods import put_on_sale

URL = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("LUMIA_URL", "sqlite:///:memory:")

uvicorn.run(create_app(URL, prepare=put_on_sale), host="127.0.0.1", port=8000)
