"""Legal forms that names of companies end with."""

from __future__ import annotations

LEGAL_FORMS: tuple[str, ...] = tuple(
    form
    for forms in (
        "public limited company, private limited, limited, pvt ltd, pte ltd, pty ltd, ltd, plc, llp, lp, llc, pllc, "
        "incorporated, inc, corporation, corp, company, co, pc, pa, sdn bhd, sdn bnd, bhd, berhad, tbk, kk",
        "gmbh and co kg, gmbh co kg, gmbh, ggmbh, mbh, ug haftungsbeschrankt, ug, ag, kgaa, kg, ohg, gbr, partg mbb, "
        "partg, ek, ev, gesbr",
        "sarl, sas, sasu, eurl, sa, snc, sci, spa, srl, srls, sas di, sl, slu, cb, s de rl, s de rl de cv, sa de cv, "
        "ltda, lda, eireli",
        "bv, nv, cv, vof, bvba, ab, hb, as, asa, aps, oy, oyj, sp z oo, spolka z oo, sro, kft, doo",
    )
    for form in forms.split(", ")
)
"""In small letters without points and accents; where a form may be written shorter, both."""
