#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks JSON files against a schema: json_schema.py SCHEMA FILE... Knows the part of JSON Schema that the project's schemas use, and
refuses any other keyword. Prints what is wrong; exit status 1 if anything is."""

import json
import re
import sys

KNOWN = {"$comment", "$schema", "$defs", "$ref", "title", "description", "type", "properties", "required", "additionalProperties", "items",
         "enum", "const", "oneOf", "minimum", "maximum", "minLength", "pattern"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_type(value, name):
    if name in ("integer", "number"):
        return isinstance(value, (int,) if name == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def check(value, schema, root, where):
    """Yields a line for each thing that is wrong."""
    unknown = set(schema) - KNOWN
    if unknown:
        raise SystemExit(f"keywords of the schema that are not known here: {unknown}")
    if "$ref" in schema:
        yield from check(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, where)
    if "oneOf" in schema:
        wrong = [list(check(value, one, root, where)) for one in schema["oneOf"]]
        if sum(not w for w in wrong) != 1:
            yield min((w for w in wrong if w), key=len)[0] if any(wrong) else f"{where}: several alternatives fit"
    if "const" in schema and value != schema["const"]:
        yield f"{where}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not one of {schema['enum']}"
    if "type" in schema and not is_type(value, schema["type"]):
        yield f"{where}: {value!r} is not of type {schema['type']}"
        return
    if "minimum" in schema and value < schema["minimum"] or "maximum" in schema and value > schema["maximum"]:
        yield f"{where}: {value} is out of range"
    if isinstance(value, str) and (len(value) < schema.get("minLength", 0) or not re.search(schema.get("pattern", ""), value)):
        yield f"{where}: {value!r} has not the right form"
    if isinstance(value, dict):
        known = schema.get("properties", {})
        for name in schema.get("required", []):
            if name not in value:
                yield f"{where}: '{name}' is missing"
        for name, member in value.items():
            rest = schema.get("additionalProperties", True)
            if name in known:
                yield from check(member, known[name], root, f"{where}.{name}")
            elif rest is False:
                yield f"{where}: unknown member '{name}'"
            elif isinstance(rest, dict):
                yield from check(member, rest, root, f"{where}.{name}")
    if isinstance(value, list) and "items" in schema:
        for number, element in enumerate(value):
            yield from check(element, schema["items"], root, f"{where}[{number}]")


def main():
    sys.setrecursionlimit(100000)
    with open(sys.argv[1]) as file:
        schema = json.load(file)
    status = 0
    for name in sys.argv[2:]:
        with open(name) as file:
            value = json.load(file)
        for line in list(check(value, schema, schema, name))[:10]:
            print(line)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
