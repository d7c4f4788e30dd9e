using IdentityHub.Data;

namespace IdentityHub.Protocol;

/// <summary>
/// Writes an issuance under the protection of I2: the live session is share-locked, the grant is share-locked, the
/// registration is held, what is redeemed is redeemed where it is still valid, and only then are rows inserted. A
/// revocation takes the same locks for change, in the same order, so of the two one sees the other.
/// </summary>
internal sealed class IssuanceWriter(HubDb db, TimeProvider time)
{
    public Task<IssuanceResult> WriteAsync(Issuance issuance)
    {
        if (issuance.SessionId is { } session)
        {
            issuance.Tokens.ForEach(t => t.SessionId = session);
            issuance.Grant?.SessionId = session;
        }

        return db is PostgresHubDb ? PostgresIssuance.WriteAsync(db, issuance, time.GetUtcNow()) : SqliteIssuance.WriteAsync(db, issuance, time.GetUtcNow());
    }
}
