-- depends: 0011_qualifications
-- What an insured tells of an increase of its own risk.

call ringwall.make_noun('risk_told', array['lead', 'broker', 'follower']);
