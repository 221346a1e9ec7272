# SPDX-License-Identifier: MIT
: >empty.mmg
mmreport summary empty.mmg
