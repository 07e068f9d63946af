"""What pip would install along with a wheel, read from what is installed here: names, versions and files as JSON."""

import json
import os
import sys
from email import message_from_bytes
from importlib.metadata import distribution
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def main(wheel):
    found = {}
    wanted = needed(requirements_of_wheel(wheel))
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = package = distribution(name)
            wanted += needed(package.requires or ())
    print(json.dumps([describe(name, package) for name, package in sorted(found.items())]))


def requirements_of_wheel(path):
    with ZipFile(path) as wheel:
        (metadata,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(wheel.read(metadata)).get_all("Requires-Dist", ())


def needed(requirements):
    """Without extras and what is for other machines."""
    parsed = map(Requirement, requirements)
    return [canonicalize_name(one.name) for one in parsed if one.marker is None or one.marker.evaluate({"extra": ""})]


def describe(name, package):
    files = [str(file.locate()) for file in package.files if not file.name.endswith(".pyc")]
    return {"name": name, "version": package.version, "files": [file for file in files if os.path.isfile(file)]}


main(sys.argv[1])
