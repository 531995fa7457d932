"""A process that embeds texts through a lake until it has all of them, or until it is killed.

``python -m synth_assets_tests.teachers.embeddings.user URL LAKE COUNT FLUSH``: writes FLUSH vectors at a time.
"""

import sys
from pathlib import Path

from synth_assets.lake.lake import Lake
from synth_assets.lake.settings import LakeSettings
from synth_assets.lake.vectors import LakeVectorStore
from synth_assets.teachers.embeddings import embedder as module
from synth_assets_tests.teachers.embeddings.asking import embedder, texts

BATCH, CONCURRENCY = 8, 2

if __name__ == "__main__":
    url, folder, count, flush = sys.argv[1:]
    module.FLUSH_VECTORS = int(flush)
    store = LakeVectorStore(Lake(LakeSettings(folder=Path(folder))), "domain_ratings")
    embedder(url, store=store, batch_size=BATCH, concurrency=CONCURRENCY).embed(texts(int(count)))
