"""What is known about words before any incident is read: which say nothing, which little, and which mean the same.

Written by hand from how status pages, postmortems and people on call speak. No count of anybody's incidents is in it.
One form stands for all that have its stem.
"""

from bot.core.category_matching import stem

_SILENT = """
    a about after again all also am an and any are aren as at be because been before being between both but by
    can cannot could couldn d did didn do does doesn doing don done due during each etc even ever every few
    for from had has hasn have haven having he her here his how i if in into is isn it its itself just ll m
    many may me might more most much must my no nor not of off on once one only onto or other our out over own
    per rather re s same shall she should since so some still such t than that the their them then there these
    they this those though through to too two under until up upon us use using ve very via was wasn we were
    weren what when where whether which while who whom whose why will with within without won would wouldn yet
    you your
"""

_STOCK = """
    able access active actively additional affect ago allow analysis answer apologise apology apply appreciate
    approximate approximately around assess attempt availability available aware back become began begin
    believe break broken bst case cause certain cest cet close closely com come complete completely confidence
    confident confirm contact continue current currently customer date day degradation degrade detail
    determine different disrupt disruption down earlier edt elevate end engineer ensure error est eta expect
    experience fail failed failure final find finish fix follow found fully functional further general get
    give gmt go good group happen high higher hour http identify immediate immediately impact implement
    improve improvement incident include inconvenience increase inform information initial initially
    intermittent intermittently investigate issue ist know known last late later learn likely look lot made
    major majority make meantime message min minor minute mitigate moment monitor month mortem multiple near
    need new next normal normally note notice now number observe occasional occur ongoing operate operational
    outage part partial partially patience pdt people performance please possible possibly post postmortem
    potential potentially present previous previously problem progress provide pst publish question quickly
    rate reach reason recent recently recover recovery remain report request require resolution resolve
    respond response restore result resume return root say second see seem seriously service several share
    shortly show sign significant situation soon sorry sporadic stabilize stable start status stop subset
    successful successfully suffer summary support system take team temporarily temporary thank time timeline
    today together track try unable unavailability unavailable understand unfortunately update user utc
    various verify way week well work workaround www year yesterday
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun january february
    march april june july august september october november december jan feb mar apr jun jul aug sep sept oct
    nov dec
"""

_KINDS = """
    disk storage space volume inode filesystem partition mount
    memory oom heap leak swap
    cpu load overload saturate
    traffic spike surge flood ddos crawler scraping scraper bot
    certificate cert tls ssl x509 expire expiry expiration renewal renew
    dns nameserver resolver domain nxdomain
    network connectivity packet route bgp firewall peering switch router uplink fibre fiber
    slow slower slowness latency lag delay timeout sluggish hang hung
    login signin auth authenticate authorization oauth sso saml ldap credential password token
    database db dbs postgres postgresql mysql mariadb mongodb sql query
    replica replication primary failover
    queue backlog stuck
    deploy deployment rollout release upgrade migrated rollback
    config configuration configured misconfiguration misconfigured setting
    crash panic segfault restart reboot crashloop crashloopbackoff
    hardware power datacenter datacentre cooling
    cache redis memcached
    sync synch synchronization synchronisation stale outdated
    mail email smtp
    limit quota exceeded capacity exhausted exhaustion autoscaling
    delete deletion drop removed wiped wipe
    kubernetes k8s kubelet
    build building pipeline
    webhook notification
    attack attacker compromise compromised breach phishing malicious abuse
    lock deadlock
"""

SILENT = frozenset(_SILENT.split())
"""The glue of English."""

KINDS = tuple(frozenset(map(stem, line.split())) for line in _KINDS.strip().splitlines())
"""Stems of the words by which people name one kind of failure. No word is in two."""

STOCK = frozenset(map(stem, _STOCK.split()))
"""Stems of the words that stock phrases such as "we are investigating reports of …" are made of."""
