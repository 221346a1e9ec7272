# SPDX-License-Identifier: MIT
mmguard --qqqqqqqqqqqq true
