# SPDX-License-Identifier: MIT
mmguard --help | head -n 1
