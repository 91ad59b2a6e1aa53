-- depends: 0009_watch
-- What both sides say of a finding, who has taken note of an alert, and how an insured stands beside its peers.

call ringwall.make_noun('finding_statement', array['insured', 'broker', 'lead', 'provider']);
call ringwall.make_noun('acknowledgement',   array['insured', 'lead']);
call ringwall.make_noun('peer_comparison',   array['insured', 'broker']);
