# SPDX-License-Identifier: MIT
mmguard --backend=gaurd true
