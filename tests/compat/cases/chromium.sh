# SPDX-License-Identifier: MIT
# chromium: a tree of processes with an allocator of its own and, where there is one, a sandbox.
needs=chromium
unguarded=1
run() {
    local no_sandbox
    ((EUID)) || no_sandbox=--no-sandbox
    echo '<p id=p>one</p><script>document.getElementById("p").textContent = [..."abc"].map(c => c + c).join()</script>' >page.html
    HOME=$PWD guarded chromium --headless $no_sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
        --user-data-dir="$PWD/profile" --virtual-time-budget=2000 --dump-dom "file://$PWD/page.html"
}
