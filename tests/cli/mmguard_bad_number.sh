# SPDX-License-Identifier: MIT
mmguard --max-errors=-1 true
mmguard --depth=257 true
mmguard --align=12 true
mmguard --exitcode=1e2 true
