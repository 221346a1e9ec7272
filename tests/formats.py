#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads what mmreport exports as strictly as the programs it is for, or more so: formats.py FORMAT FILE. Prints what the file says, one
line a finding; exit status 1 and the reason if anything is not as it must be."""

import json
import re
import sys
import xml.etree.ElementTree as tree


def need(condition, what):
    if not condition:
        raise SystemExit(f"wrong: {what}")


def json_load(path):
    def pairs(items):
        need(len(dict(items)) == len(items), "a member is there twice")
        return dict(items)

    with open(path, encoding="utf-8") as file:
        return json.load(file, object_pairs_hook=pairs)


def sarif_location(location):
    physical = location["physicalLocation"]
    uri = physical["artifactLocation"]["uri"]
    need(re.fullmatch(r"(file:///)?([A-Za-z0-9._~+/-]|%[0-9A-F]{2})+", uri), f"uri {uri}")
    need(physical["region"]["startLine"] >= 1 and physical["region"].get("startColumn", 1) >= 1, "a region begins at 1")
    return f"{uri}:{physical['region']['startLine']}"


def read_sarif(path):
    log = json_load(path)
    need(log["version"] == "2.1.0" and "sarif-2.1.0" in log["$schema"], "version")
    need(0 < len(log["runs"]) <= 20, "runs")
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        need(run["tool"]["driver"]["name"], "tool.driver.name")
        need(len({rule["id"] for rule in rules}) == len(rules), "ids of rules differ")
        for rule in rules:
            need(rule["shortDescription"]["text"] and rule["fullDescription"]["text"] and rule["help"]["text"], "descriptions of a rule")
        need(len(run["results"]) <= 25000, "at most 25,000 results")
        seen = set()
        for result in run["results"]:
            need(rules[result["ruleIndex"]]["id"] == result["ruleId"], "ruleIndex")
            need(result["level"] in ("error", "warning", "note"), "level")
            need(result["message"]["text"] and len(result["locations"]) == 1, "message and one location")
            print_ = result["partialFingerprints"]["primaryLocationLineHash"]
            need(print_ not in seen, "fingerprints differ")
            seen.add(print_)
            place = sarif_location(result["locations"][0])
            need(not place.startswith("file:"), "a path from the repository's root")
            flows = [flow["message"]["text"] for flow in result.get("codeFlows", [])]
            for flow in result.get("codeFlows", []):
                need(len(flow["threadFlows"]) == 1 and flow["threadFlows"][0]["locations"], "a flow has locations")
                for step in flow["threadFlows"][0]["locations"]:
                    sarif_location(step["location"])
            print(result["level"], result["ruleId"], place, "; ".join(flows))


def read_junit(path):
    root = tree.parse(path).getroot()
    need(root.tag == "testsuites", "testsuites")
    for suite in root:
        need(suite.tag == "testsuite" and suite.get("name"), "testsuite")
        cases = list(suite)
        need(len(cases) == int(suite.get("tests")), "number of tests")
        need(sum(case.find("failure") is not None for case in cases) == int(suite.get("failures")), "number of failures")
        need(sum(case.find("error") is not None for case in cases) == int(suite.get("errors")), "number of errors")
        keys = [(case.get("classname"), case.get("name")) for case in cases]
        need(all(a and b for a, b in keys) and len(set(keys)) == len(keys), "classname and name are a key")
        for case in cases:
            need(case.tag == "testcase" and {child.tag for child in case} <= {"failure", "error"}, "testcase")
            result = case[0] if len(case) else None
            need(result is None or (result.get("message") and result.text), "a failure says what")
            name = re.sub(r" \[[0-9a-f]{16}\]$", "", case.get("name"))
            print(result.tag if result is not None else "ok", case.get("classname"), name)


def read_gitlab(path):
    entries = json_load(path)
    need(isinstance(entries, list), "a list")
    need(len({entry["fingerprint"] for entry in entries}) == len(entries), "fingerprints differ")
    for entry in entries:
        need(entry["severity"] in ("info", "minor", "major", "critical", "blocker"), "severity")
        need(entry["description"] and entry["check_name"], "description, check_name")
        place = entry["location"]["path"]
        need(not place.startswith(("/", "./")) and entry["location"]["lines"]["begin"] >= 1, "location")
        print(entry["severity"], entry["check_name"], f"{place}:{entry['location']['lines']['begin']}")


def read_github(path):
    lines = open(path, encoding="utf-8").read().split("\n")
    need(lines.pop() == "" and len(lines) <= 10, "ten lines at most")
    for line in lines:
        match = re.fullmatch(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:\r\n]*,?)+)::(.*)", line)
        need(match, f"command {line}")
        values = dict(item.split("=", 1) for item in match[2].split(","))
        need(set(values) <= {"file", "line", "title"}, "properties")
        for text in (*values.values(), match[3]):
            need(not re.search(r"%(?!25|0A|0D|3A|2C)", text), "'%' is escaped")
        print(match[1], values.get("file"), values.get("line"), values["title"])


def valgrind_stack(stack):
    need(len(stack) > 0, "a stack has frames")
    for frame in stack:
        tags = [child.tag for child in frame]
        need(tags == [tag for tag in ("ip", "obj", "fn", "dir", "file", "line") if tag in tags], f"order in a frame: {tags}")
        need(re.fullmatch("0x[0-9A-F]+", frame.findtext("ip")) and frame.findtext("obj"), "ip and obj")
    return stack[0].findtext("fn")


def read_valgrind_xml(path):
    root = tree.parse(path).getroot()
    tags = [child.tag for child in root]
    order = ["protocolversion", "protocoltool", "preamble", "pid", "ppid", "tool", "args", "status"]
    need(root.tag == "valgrindoutput" and tags[:8] == order, f"order: {tags[:8]}")
    need(re.fullmatch(r"(error )*status (error )*errorcounts suppcounts", " ".join(tags[8:])), f"order: {tags[8:]}")
    need(root.findtext("protocolversion") == "4" and root.findtext("protocoltool") == "memcheck", "protocol")
    need([s.findtext("state") for s in root.findall("status")] == ["RUNNING", "FINISHED"], "states")
    finished, unique = False, set()
    for child in root[8:]:
        finished |= child.tag == "status"
        if child.tag != "error":
            continue
        kind = child.findtext("kind")
        need(re.fullmatch("InvalidRead|InvalidWrite|InvalidFree|MismatchedFree|FishyValue" if not finished else
                          "Leak_(DefinitelyLost|IndirectlyLost|PossiblyLost|StillReachable)", kind), f"kind {kind}")
        need(int(child.findtext("unique"), 16) not in unique, "unique")
        unique.add(int(child.findtext("unique"), 16))
        if finished:
            need(int(child.find("xwhat").findtext("leakedbytes")) < 2**31 and int(child.find("xwhat").findtext("leakedblocks")) > 0, "xwhat")
        else:
            need(child.findtext("what"), "what")
        print(kind, valgrind_stack(child.find("stack")), len(child.findall("stack")))
    counted = {int(pair.findtext("unique"), 16) for pair in root.find("errorcounts")}
    need(counted == unique, "errorcounts")


def read_tap(path):
    lines = open(path, encoding="utf-8").read().split("\n")
    need(lines[0] == "TAP version 13" and re.fullmatch(r"1\.\.\d+", lines[1]) and lines.pop() == "", "head")
    number = 0
    for line in lines[2:]:
        if line.startswith("# "):
            continue
        match = re.fullmatch(r"(not )?ok (\d+) - ((?:[^#\\]|\\[#\\])*)", line)
        number += 1
        need(match and int(match[2]) == number, f"line {line}")
        print(match[1] or "", "ok ", re.sub(r" \[[0-9a-f]{16}\]$", "", match[3]), sep="")
    need(number == int(lines[1][3:]), "plan")


def read_markdown(path):
    lines = [line for line in open(path, encoding="utf-8").read().split("\n") if line.startswith("|")]
    for line in lines:
        cells = re.split(r"(?<!\\)\|", line)[1:-1]
        need(len(cells) == 6, f"six cells: {line}")
        print(" |".join(cells[:4]).strip())


def read_folded(path):
    for line in open(path, encoding="utf-8"):
        match = re.fullmatch(r"([^;]+(?:;[^;]+)*) (\d+)\n", line)
        need(match, f"line {line!r}")
        print(match[1].split(";")[-1], match[2])


def read_json(path):
    report = json_load(path)
    need(report["format"] == "mmreport" and report["command"] == "export", "head")
    for finding in report["findings"]:
        need(re.fullmatch(r"[0-9a-f]{16}", finding["fingerprint"]) and finding["count"] > 0 and finding["processes"], "finding")
        print(finding["kind"], finding["path"], len(finding["stack"]))


globals()["read_" + sys.argv[1].replace("-", "_")](sys.argv[2])
