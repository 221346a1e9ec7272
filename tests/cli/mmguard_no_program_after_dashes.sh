# SPDX-License-Identifier: MIT
mmguard --quiet --
