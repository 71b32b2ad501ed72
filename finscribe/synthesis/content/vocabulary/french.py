"""The words of French finance documents: labels, months, trades and products."""

WORDS = """
invoice: FACTURE|Facture|Facture client|FACTURE DE VENTE
receipt: TICKET|Reçu|Ticket de caisse|REÇU|Note
credit_note: AVOIR|Avoir|Facture d'avoir|NOTE DE CRÉDIT
proforma: FACTURE PROFORMA|Facture pro forma|PROFORMA
invoice_no: Facture|FACTURE|Facture N°|N° de facture|Facture n°|Numéro de facture|N° facture|Réf. facture
receipt_no: Ticket N°|N° ticket|Reçu N°|Ticket
credit_no: Avoir|Avoir N°|N° d'avoir
proforma_no: Proforma N°|N° proforma
date: Date|Date de facture|Date facture|Date d'émission|Le|Émise le
receipt_date: Date|DATE|Le
due: Échéance|Date d'échéance|À payer avant le|Date limite de paiement
po: Bon de commande|N° de commande client|Votre commande|N° BC
from: Émetteur|Vendeur|Fournisseur|De
to: Facturé à|Client|Adresse de facturation|Destinataire|Acheteur|À l'attention de
ship_to: Livré à|Adresse de livraison|Livraison
address: Adresse|Siège social
subtotal: Total HT|Sous-total|Montant HT|TOTAL H.T.|Sous-total HT|Net HT
gross_subtotal: Sous-total|SOUS-TOTAL|Sous-total TTC
discount: Remise|REMISE|Rabais|Escompte|Réduction
shipping: Frais de port|Livraison|Port|Transport|Frais de livraison
service: Service|Frais de dossier|Pourboire|Consigne|Frais de gestion|Emballage
rounding: Arrondi|Arrondis
total: Total TTC|TOTAL TTC|TOTAL|Montant total|Total à payer|Net à payer|Montant TTC
total_incl: Total {tax} incluse|Total TTC ({tax} {rate})|TOTAL TTC dont {tax}
rounded: Total arrondi
due_amount: Reste à payer|Solde dû|Solde à régler|Montant dû
paid: Acompte|Acompte versé|Déjà réglé|Payé
cash: Espèces|ESPECES|Reçu|Montant reçu
change: Rendu|Monnaie rendue|RENDU
card: CB|Carte bancaire|Carte|CB SANS CONTACT
qty: Qté|Quantité|QTE|Qte
desc: Désignation|Description|Article|Libellé|Prestation
disc: Remise|Rem.|Rem. %
price: P.U.|Prix unitaire|PU HT|Prix|P.U. HT
amount: Montant|Total|Montant HT|Total HT|Prix total
code: Réf.|Référence|Code
unit: Unité|U
pos: N°|Ligne
units: pce|h|kg|U|unité|forfait|m
tax_total: Total {tax}|Montant {tax}
taxable: Base HT|HT|Base
included: dont {tax}|{tax} incluse|soit {tax}
bank: Banque|Domiciliation
holder: Titulaire du compte|Titulaire|Bénéficiaire|Au nom de|À l'ordre de
terms: Conditions de paiement|Règlement|Modalités de paiement|Conditions
term_values: 30 jours|30 jours fin de mois|À réception|Comptant|{n} jours|{n} jours net|
    À {n} jours date de facture|45 jours fin de mois
phone: Tél|Tél.|Téléphone|TEL
thanks: Merci de votre visite|MERCI ET A BIENTOT|Merci de votre confiance|
    Pas d'escompte pour paiement anticipé|Au plaisir de vous revoir|Echange sous {n} jours avec ticket
page: Page
customer_no: N° client|Code client|Réf. client
order_no: Commande|Devis|Bon de livraison|Projet|N° contrat|Dossier
delivery: Date de livraison|Date de commande|Période
cashier: Caissier|Vendeur|Servi par|Hôtesse
table: Table|Caisse|Magasin|Couverts
reg: RCS|SIREN|SIRET|Capital
currency: Devise|Monnaie
count: Nb articles|Articles|Nombre d'articles
continued: Report|À reporter
months: janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre
months_short: jan|févr|mar|avr|mai|juin|juil|août|sep|oct|nov|déc
weekdays: lun|mar|mer|jeu|ven|sam|dim
trades: Boulangerie|Librairie|Bâtiment|Transports|Conseil|Brasserie|Électricité|Plomberie|Imprimerie|
    Fleurs|Pharmacie|Boucherie|Pâtisserie|Épicerie|Traiteur|Fromagerie|Charcuterie|Poissonnerie|
    Restaurant|Bistrot|Café|Crêperie|Pizzeria|Hôtel|Auberge|Camping|Garage|Carrosserie|Pneus|Taxi|
    Menuiserie|Maçonnerie|Toiture|Peinture|Chauffage|Serrurerie|Jardinerie|Pépinière|Quincaillerie|
    Bricolage|Papeterie|Bijouterie|Optique|Chaussures|Jouets|Coiffure|Pressing|Nettoyage|Assurances|
    Banque|Location|Voyages|Immobilier|Architectes|Avocats|Comptabilité|Informatique|Logiciels|Énergie|
    Télécom|Médias|Photographie|Formation|Distribution|Services|Industrie|Vins|Domaine|Ferme
products: câble|lampe|filtre|papier|pain|café|vis|tuyau|entretien|conseil|heure|pose|fromage|bière|menu|
    licence|forfait|nettoyage|bois|peinture|grand|petit|rouge|pièces|main|d'œuvre|boîte|crème|été|pomme|
    poire|pomme de terre|tomate|oignon|salade|lait|beurre|yaourt|œuf|farine|sucre|sel|miel|confiture|
    pâtes|riz|viande|jambon|saucisson|poisson|saumon|soupe|frites|gâteau|tarte|glace|thé|eau|jus|vin|
    cidre|limonade|savon|shampooing|bougie|ampoule|prise|interrupteur|chargeur|clavier|écran|imprimante|
    encre|enveloppe|classeur|stylo|cahier|calendrier|chaise|table|étagère|miroir|tapis|rideau|coussin|
    veste|pantalon|chaussettes|chaussures|chapeau|écharpe|gants|chemise|marteau|perceuse|scie|clou|écrou|
    vanne|pompe|colle|ciment|brique|carrelage|sable|planche|clôture|corde|chaîne|pneu|frein|vidange|
    location|jour|nuit|chambre|petit-déjeuner|trajet|billet|adhésion|cours|réparation|contrôle|expertise|
    traduction|photos|abonnement|hébergement|analyse|rapport|déplacement|fournitures|emballage|biscuits|
    huile|olives|raisins|noix|chocolat|vanille|fraise|citron|grillé|fumé|sucré|double|vert|noir|blanc|
    jaune|aux|à la|de|avec|et|sans
common: moulin|forêt|montagne|vallée|rivière|lac|mer|île|pont|tour|château|village|coin|marché|place|
    port|porte|forge|jardin|pré|chêne|tilleul|sapin|rose|lys|étoile|soleil|lune|ciel|nuage|vent|feu|
    pierre|fer|argent|or|perle|lion|ours|loup|renard|aigle|cygne|cerf|cheval|abeille|dauphin|roi|reine|
    maison|cour|cuisine|table|pain|miel|poivre|cerise|raisin|olive|rêve|bonheur|joie|monde|point|vague|
    lumière|nord|sud|est|ouest|petit|grand|bon|beau|vieux|nouveau|rouge|bleu|vert|blanc|noir|doré|client|
    exemple|essai
names: au {common}|aux {common}s|au {common} {common}|le {common}|la {common}|les {common}s|
    le {common} de {city}|la maison du {common}|chez {first}|chez {last}|{trade} du {common}|
    {trade} de {city}|{trade} {last}|{trade} de la {common}|{common} et {common}|mon {common}|
    {common} {trade}|les {common}s de {last}|{last} et fils|{common}.fr|ets {last}|société {common}|
    {trade} et {trade}
branches: Agence de {city}|Magasin ###|Site de {city}|Magasin {city}
refs: N° contrat|Référence projet|Centre de coût|Service exécutant|N° bon de livraison|Vos références|
    Réf. appel d'offres|GLN|N° fournisseur|SIREN|SIRET|Réf. comptable|N° dossier|N° compteur|Cadre de facturation
name_key: Nom|Société|Raison sociale
contact: Contact|Interlocuteur|À l'attention de|Votre conseiller
email_key: E-mail|Courriel|Mail
number_key: Numéro|N°|Identifiant|ID
charges_sum: Total des frais|Charges|Frais
allowances_sum: Total des remises|Remises|Déductions
premises: Centre commercial {word}|Aéroport de {city}|Gare de {city}|Galerie {word}|Terminal #|Aire de {city}|
    C.C. {word}
related: Facture d'origine|N° de facture associée|Facture associée|Facture précédente|Facture rectifiée
share_of: sur|de
base: pour|Unité de prix|Qté base
adjustment: Remise/Charge|+/-|Rem. (-) Ch. (+)
rate_key: Taux|Taux TVA|%
other_party: Représentant fiscal|Transporteur|Affactureur|Lieu d'exécution|Mandataire|Fabricant|Entrepôt|Assureur|
    Sous-traitant|Chantier
seller: Vendeur|Fournisseur|Prestataire|Émetteur de la facture
buyer: Adresse du client|Acheteur|Preneur|Donneur d'ordre|Client facturé
titles: Facture d'acompte|Facture de situation|Facture de solde|Facture récapitulative|Facture de loyer|
    Facture commerciale|Facture du fournisseur
of_day: du|en date du|le|émise le
to_pay: Net à payer|NET A PAYER|À payer|Montant à payer|Net à régler|Solde à payer
remarks: Remarques|Notes|Conditions de règlement|Informations
item_note: Réf. client : {no}|Réf. fournisseur {no}|Lot {no}, à consommer avant le {day}|EAN {no}|
    Période du {day} au {day}|N° de série {no}|prix public {sum}|par {n} pièces|Origine : {city}|
    BL {no} du {day}|dont consigne {sum}|commande {no} ligne {n}|Couleur : {word}
prose: Livré à {city} le {day}, bon de livraison {no}.|Merci de rappeler la référence {no} lors du règlement.|
    Tout retard entraîne une pénalité de {n}% et une indemnité de {sum}.|
    Cette facture fait suite au contrat avec {client} du {day}.|RCS {city} {no}|
    Escompte de {n}% avant le {day} : {sum}|Gérants : {person}, {person}|
    La marchandise reste la propriété de {vendor} jusqu'au paiement complet.|Une question ? {person}, tél. {no}|
    Prestation réalisée du {day} au {day}.|Votre solde précédent était de {sum}.|
    {vendor}, société au capital de {sum}, siège à {city}
pay_by: À régler au plus tard le {due}.|Merci de payer avant le {due}.|Payable le {due} sans escompte
pay_to: Virement à effectuer sur le compte {iban}.|Merci de régler par virement : {iban}, au nom de {vendor}.|
    Règlement par virement sur {iban} sous la référence {no}.
usual_price: au lieu de|Prix normal
saved: Économie|Vous économisez
line_sum: Total des lignes HT|Total lignes|Montant des lignes HT|Total marchandises HT
net_sum: Total HT net|Total hors {tax}|Base {tax}|Net HT|Total net HT
gross_sum: Total TTC|Montant TTC|Total toutes taxes comprises|Total facture TTC
list_price: Prix public|Prix catalogue|P.U. brut|Tarif
net_price: P.U. net|Prix net|Prix remisé|PU net HT
measures: pce|u|h|heure|kg|L|m|m²|kWh|jour|mois|carton|lot|forfait|t|paire
greeting: Madame, Monsieur,|Cher client,|Chère Madame {last},|Bonjour {person},
letter: Veuillez trouver ci-dessous le détail de nos prestations :|Nous vous remercions de votre commande du {day}.|
    Prestations du {day} au {day} :|Livraison effectuée avec le bon {no} :|Comme convenu avec {person} :
closing: Cordialement|Salutations distinguées|Bien à vous|Sincères salutations
till_total: NET A PAYER|A payer|Net à payer|RESTE A PAYER|TOTAL A PAYER|** TOTAL **
slip: CARTE BANCAIRE|Montant|Paiement carte|DEBIT|Achat
promotion: Donnez votre avis sur www.{word}.fr|Vous auriez gagné {n} points|Bon {no} valable jusqu'au {day}|
    {sum} de remise à votre prochain achat|Ouvert tous les jours de 8:00 à 20:00|Suivez-nous : {word}
ordered: Votre commande {po}|Selon votre commande n° {po} du {day}|Réf. : votre commande {po}|
    Suite à votre bon de commande {po}
dated_at: {city}, le {day}|Fait à {city}, le {day}|À {city}, le {day}
addressed: Société|À l'attention de la comptabilité|Doit
honorifics: M.|Mme|Monsieur|Madame|M. et Mme
"""

MORE = """
tax_total: Total taxes|Montant de la {tax}|Taxes|Montant taxes|Total de la {tax}|{tax} totale|
    Montant des taxes|Taxe
subtotal: Montant net HT|Total hors taxes|Montant hors taxes|Montant total HT|Total général HT|Total brut HT
gross_subtotal: Total articles|Sous total|Total marchandise
total: Montant total TTC|Total général|Net à payer TTC|Total facture|Montant facture|
    Total toutes taxes comprises|Somme à payer|Total général TTC|TTC|Total à régler
discount: Remise commerciale|Ristourne|Réduction commerciale|Avoir fidélité|Remises
shipping: Frais d'expédition|Frais de transport|Participation aux frais de port|Expédition
invoice_no: Facture numéro|No facture|N° de pièce|Numéro|Numéro de document|Facture no|N° document|Pièce n°
date: Date de la facture|Date du document|Émise|Établie le|Date de pièce|Date de facturation
due: À régler avant le|Payable le|Date limite|Règlement avant le|Date de règlement|À payer pour le
po: Commande client|Votre commande n°|Vos réf. commande
qty: Qté.|Nombre|Nb|Quant.
desc: Intitulé|Produit|Nom|Détail|Désignation des articles|Description de la prestation
price: Prix U.|Prix unit. HT|Prix HT|Prix net|PU|P.U.H.T.
amount: Montant net|Total ligne|Total net|Net HT|Montant H.T.
iban: Code IBAN|Compte|RIB|Coordonnées bancaires
service: Éco-participation|Éco-contribution
to: Client facturé|Adressé à|Facturation|Locataire|Votre adresse de facturation
from: Vendu par|Prestataire|Votre fournisseur|Bénéficiaire
term_values: Paiement à {n} jours date de facture|Règlement à réception de la facture|
    Payable sous {n} jours par virement|Virement à {n} jours fin de mois|Règlement par virement à {n} jours
"""
