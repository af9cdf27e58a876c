import { ApiProperty } from '@nestjs/swagger';
import type { Client } from '#access';

/** A client as the API shows it. */
export class ClientResponse implements Client {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  disabledAt!: Date | null;

  static from({ id, name, createdAt, disabledAt }: Client): ClientResponse {
    return Object.assign(new ClientResponse(), { id, name, createdAt, disabledAt });
  }
}

/** Every client, oldest first. */
export class ClientListResponse {
  @ApiProperty({ type: [ClientResponse] })
  data!: ClientResponse[];

  static from(clients: Client[]): ClientListResponse {
    return Object.assign(new ClientListResponse(), { data: clients.map((client) => ClientResponse.from(client)) });
  }
}
