"""`autoconfig check`."""

import os
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from autoconfig.check.verdict import Check
from autoconfig.cli.arguments import (
    STDIN,
    read_each,
    read_name_servers,
    read_names,
    standard_input,
)
from autoconfig.cli.options import Choice, choice_options, has_config, path_of_config
from autoconfig.cli.output import progress, put, say_asking
from autoconfig.config.settings import NameServer
from autoconfig.documents.formats import LANGUAGES
from autoconfig.errors import NotServed
from autoconfig.names import Domain, EmailAddress
from autoconfig.offers.catalogue import Catalogue, load_catalogue
from autoconfig.offers.model import Service
from autoconfig.problems import ConfigurationError, Problem
from autoconfig.typed_toml import read_text
from autoconfig.zone.plan import Target

if TYPE_CHECKING:
    from autoconfig.check.connect import ConnectTo
    from autoconfig.check.report import Report
    from autoconfig.check.run import Subject
    from autoconfig.config.load import Config
