"""The pages on how secure an insured is: its posture, the dossier, the alert centre."""
