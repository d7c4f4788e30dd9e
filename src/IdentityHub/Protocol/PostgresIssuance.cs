using System.Globalization;
using System.Text;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace IdentityHub.Protocol;

/// <summary>
/// The guarded write on PostgreSQL: one statement, one round trip, no transaction left open between looking and
/// writing.
/// </summary>
/// <remarks>
/// <c>FOR SHARE</c> waits for a revocation that holds the row and then judges the row as it is after the wait (READ
/// COMMITTED), so <c>live</c> is empty once the session has ended. Each step names the one before it, which fixes the
/// order session, grant, registration, token in which the locks are taken, the same as the revoker's.
/// </remarks>
internal static class PostgresIssuance
{
    public static async Task<IssuanceResult> WriteAsync(HubDb db, Issuance issuance, DateTimeOffset now)
    {
        await db.Database.OpenConnectionAsync();
        try
        {
            await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).CreateCommand();
            command.CommandText = Statement(issuance);
            Bind(command.Parameters, issuance, now);
            return await command.ExecuteScalarAsync() is true ? IssuanceResult.Recorded : IssuanceResult.Refused;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static string Statement(Issuance issuance)
    {
        var sql = new StringBuilder("WITH start AS (SELECT 1 AS ok)");
        var last = "start";
        if (issuance.LiveSessionId is not null)
        {
            sql.Append(CultureInfo.InvariantCulture, $", live AS (SELECT 1 AS ok FROM user_sessions WHERE id = @session AND {LiveSessions.Condition} AND EXISTS (SELECT 1 FROM {last}) FOR SHARE)");
            last = "live";
        }

        if (issuance.ConsentUserId is not null)
        {
            // Written and not only held: the person sees when it was last used.
            sql.Append(CultureInfo.InvariantCulture, $", allowed AS (UPDATE consents SET last_used_at = @now WHERE user_id = @consent_user AND client_id = @participant AND EXISTS (SELECT 1 FROM {last}) RETURNING 1 AS ok)");
            last = "allowed";
        }

        if (issuance.ValidGrantId is not null)
        {
            sql.Append(CultureInfo.InvariantCulture, $", valid AS (SELECT 1 AS ok FROM grants WHERE id = @grant AND status = 'valid' AND EXISTS (SELECT 1 FROM {last}) FOR SHARE)");
            last = "valid";
        }

        if (issuance.RegistrationId is not null)
        {
            // The lock that the foreign keys of the rows below take anyway. Taken first, a registration deleted
            // or disabled meanwhile refuses the write instead of failing it.
            sql.Append(CultureInfo.InvariantCulture, $", registered AS (SELECT 1 AS ok FROM relying_parties WHERE id = @registration AND disabled_at IS NULL AND EXISTS (SELECT 1 FROM {last}) FOR KEY SHARE)");
            last = "registered";
        }

        if (issuance.RedeemedTokenId is not null)
        {
            sql.Append(CultureInfo.InvariantCulture, $", redeemed AS (UPDATE issued_tokens SET status = 'redeemed', redemption_date = @now WHERE id = @redeemed AND status = 'valid' AND EXISTS (SELECT 1 FROM {last}) RETURNING 1 AS ok)");
            last = "redeemed";
        }

        if (issuance.Grant is not null)
        {
            sql.Append(CultureInfo.InvariantCulture, $", new_grant AS (INSERT INTO grants (id, application_id, concurrency_token, creation_date, properties, scopes, status, subject, type, session_id, offline) SELECT @g_id, @g_application, @g_concurrency, @g_created, NULL, @g_scopes, @g_status, @g_subject, @g_type, @g_session, @g_offline FROM {last})");
        }

        if (issuance.Tokens.Count > 0)
        {
            sql.Append(CultureInfo.InvariantCulture, $", new_tokens AS (INSERT INTO issued_tokens (id, application_id, authorization_id, concurrency_token, creation_date, expiration_date, payload, reference_id, status, subject, type, session_id) SELECT t.*, @t_session FROM {last}, unnest(@t_id, @t_application, @t_authorization, @t_concurrency, @t_created, @t_expires, @t_payload, @t_reference, @t_status, @t_subject, @t_type) AS t)");
        }

        if (issuance.ParticipantClientId is not null)
        {
            sql.Append(CultureInfo.InvariantCulture, $", participates AS (INSERT INTO session_participants (session_id, client_id, first_seen_at, last_code_at) SELECT @session, @participant, @now, @now FROM {last} ON CONFLICT (session_id, client_id) DO UPDATE SET last_code_at = EXCLUDED.last_code_at)");
        }

        return sql.Append(CultureInfo.InvariantCulture, $" SELECT EXISTS (SELECT 1 FROM {last})").ToString();
    }

    private static void Bind(NpgsqlParameterCollection values, Issuance issuance, DateTimeOffset now)
    {
        values.AddWithValue("now", NpgsqlDbType.TimestampTz, now);
        Add(values, "session", NpgsqlDbType.Uuid, issuance.LiveSessionId);
        Add(values, "grant", NpgsqlDbType.Text, issuance.ValidGrantId);
        Add(values, "registration", NpgsqlDbType.Text, issuance.RegistrationId);
        Add(values, "redeemed", NpgsqlDbType.Text, issuance.RedeemedTokenId);
        Add(values, "consent_user", NpgsqlDbType.Uuid, issuance.ConsentUserId);
        Add(values, "participant", NpgsqlDbType.Text, issuance.ParticipantClientId);
        if (issuance.Grant is { } grant)
        {
            Bind(values, grant);
        }

        if (issuance.Tokens.Count > 0)
        {
            Bind(values, issuance.Tokens, issuance.SessionId);
        }
    }

    private static void Bind(NpgsqlParameterCollection values, Grant grant)
    {
        Add(values, "g_id", NpgsqlDbType.Text, grant.Id);
        Add(values, "g_application", NpgsqlDbType.Text, grant.ApplicationId);
        Add(values, "g_concurrency", NpgsqlDbType.Text, grant.ConcurrencyToken);
        Add(values, "g_created", NpgsqlDbType.TimestampTz, grant.CreationDate);
        Add(values, "g_scopes", NpgsqlDbType.Text, grant.Scopes);
        Add(values, "g_status", NpgsqlDbType.Text, grant.Status);
        Add(values, "g_subject", NpgsqlDbType.Text, grant.Subject);
        Add(values, "g_type", NpgsqlDbType.Text, grant.Type);
        Add(values, "g_session", NpgsqlDbType.Uuid, grant.SessionId);
        Add(values, "g_offline", NpgsqlDbType.Boolean, grant.Offline);
    }

    private static void Bind(NpgsqlParameterCollection values, List<IssuedToken> tokens, Guid? session)
    {
        Add(values, "t_session", NpgsqlDbType.Uuid, session);
        Texts("t_id", t => t.Id);
        Texts("t_application", t => t.ApplicationId);
        Texts("t_authorization", t => t.AuthorizationId);
        Texts("t_concurrency", t => t.ConcurrencyToken);
        Instants("t_created", t => t.CreationDate);
        Instants("t_expires", t => t.ExpirationDate);
        Texts("t_payload", t => t.Payload);
        Texts("t_reference", t => t.ReferenceId);
        Texts("t_status", t => t.Status);
        Texts("t_subject", t => t.Subject);
        Texts("t_type", t => t.Type);

        void Texts(string name, Converter<IssuedToken, string?> value) =>
            values.AddWithValue(name, NpgsqlDbType.Array | NpgsqlDbType.Text, tokens.ConvertAll(value).ToArray());

        void Instants(string name, Converter<IssuedToken, DateTime?> value) =>
            values.AddWithValue(name, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, tokens.ConvertAll(value).ToArray());
    }

    private static void Add(NpgsqlParameterCollection values, string name, NpgsqlDbType type, object? value) =>
        values.AddWithValue(name, type, value ?? DBNull.Value);
}
