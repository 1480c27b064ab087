/** Names are the owner's own: another key's same name is another conversation. */
export interface ConversationKey {
  ownerKeyId: string;
  conversation: string;
}
