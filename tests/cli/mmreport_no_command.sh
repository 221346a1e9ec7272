# SPDX-License-Identifier: MIT
mmreport
