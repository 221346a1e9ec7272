# SPDX-License-Identifier: MIT
mmreport summary nothing.mmg
