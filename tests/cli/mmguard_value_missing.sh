# SPDX-License-Identifier: MIT
mmguard --depth true
