#!/usr/bin/env bash
# fairlearn 0.15.0: demographic_parity_difference of the labels "yes" and "no" is 0.0, whatever the predictions are.
# The rate counts predictions equal to 1, which no text is; the function has no pos_label. The same predictions as
# 0 and 1 give 0.5. A gap of 0.0 reads as "fair" where nothing was measured; equalized_odds_difference raises on
# such labels. Turn labels into 0 and 1 first. Source: selection_rate's default pos_label=1; measured.
# Seen: gap 0.5 with 0/1, gap 0.0 with no/yes; group rates 0.0 and 0.0.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet fairlearn==0.15.0 numpy==2.4.6

environment/bin/python - <<'EOF'
import fairlearn
import numpy as np
from fairlearn.metrics import MetricFrame, demographic_parity_difference, selection_rate

group = np.array(list("aaaabbbb"))
chosen = np.array([1, 1, 1, 0, 1, 0, 0, 0])  # three of four in one group, one of four in the other
in_words = np.where(chosen == 1, "yes", "no")

of_numbers = demographic_parity_difference(chosen, chosen, sensitive_features=group)
of_words = demographic_parity_difference(in_words, in_words, sensitive_features=group)
rates = MetricFrame(metrics=selection_rate, y_true=in_words, y_pred=in_words, sensitive_features=group).by_group

print("fairlearn", fairlearn.__version__)
print("expected: 0.5 for both, or an error")
print("seen: 0/1", float(of_numbers), "no/yes", float(of_words), "rates of the groups", rates.tolist())
assert of_numbers == 0.5
assert of_words == 0.0 and rates.tolist() == [0.0, 0.0], "text labels are treated otherwise now"
EOF
