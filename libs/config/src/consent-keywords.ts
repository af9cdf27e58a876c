/** Words that end marketing when they are all that a contact writes: English, Spanish, Portuguese, French, German, Italian, Hindi, Arabic, Indonesian. */
export const DEFAULT_OPT_OUT_KEYWORDS = [
  ...['stop', 'stop all', 'stop promotions', 'stop marketing', 'unsubscribe', 'opt out', 'optout'],
  ...['baja', 'darme de baja', 'cancelar suscripción', 'detener', 'detener promociones'],
  ...['parar', 'sair', 'descadastrar', 'cancelar inscrição', 'interromper promoções'],
  ...['arrêt', 'arrêter', 'se désabonner', 'désabonner', 'désinscription'],
  ...['stopp', 'abmelden', 'abbestellen'],
  ...['ferma', 'disiscrivimi', 'cancellami', 'annulla iscrizione'],
  ...['रोकें', 'रोको', 'बंद करें', 'बंद करो'],
  ...['إيقاف', 'توقف', 'أوقف', 'إلغاء الاشتراك'],
  ...['berhenti', 'stop promosi', 'berhenti berlangganan'],
];

/** Words that let it begin again, in the same languages. */
export const DEFAULT_OPT_IN_KEYWORDS = [
  ...['start', 'unstop', 'subscribe', 'resubscribe', 'opt in', 'optin'],
  ...['alta', 'darme de alta', 'suscribirme', 'iniciar'],
  ...['voltar', 'inscrever', 'começar'],
  ...['démarrer', "s'abonner", 'abonner'],
  ...['anmelden', 'abonnieren', 'starten'],
  ...['inizia', 'iscrivimi', 'iscriviti'],
  ...['शुरू', 'शुरू करें', 'चालू करें'],
  ...['ابدأ', 'بدء', 'اشتراك', 'اشترك'],
  ...['mulai', 'langganan', 'berlangganan'],
];
