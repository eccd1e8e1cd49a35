"""`autoconfig`, with pages as web space has them: `python -m tests.real.webspace.without_codes`."""

from functools import partial

from autoconfig.cli import main
from autoconfig.documents.render import Renderings
from autoconfig.serve import application

if __name__ == "__main__":
    setattr(application, "Renderings", partial(Renderings, codes=False))  # noqa: B010  # no export
    main()
