using System.Text.Json;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Pages;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Protocol;

/// <summary>What became of the question whether an application may have what it asks for.</summary>
internal abstract record ConsentDecision
{
    /// <param name="Scopes">What it may have.</param>
    /// <param name="ByConsent">Whether that rests on a permission of the person, which must still stand when the code is written.</param>
    internal sealed record Allowed(IReadOnlyCollection<string> Scopes, bool ByConsent) : ConsentDecision;

    internal sealed record Denied : ConsentDecision;

    internal sealed record Ask(IResult Page) : ConsentDecision;
}

/// <summary>
/// Asks the person where the application is registered to ask, where the request says <c>prompt=consent</c>, and
/// always before <c>offline_access</c> (Core §11); remembers the answer.
/// </summary>
internal sealed class Consents(HubDb db, Markers markers, AuditTrail audit, TimeProvider time)
{
    private const string Parameter = "consent";

    public async Task<ConsentDecision> DecideAsync(HttpContext context, OpenIddictRequest request, RelyingParty party, CurrentSession session)
    {
        string[] scopes = [.. request.GetScopes().Order(StringComparer.Ordinal)];
        if (Answered(context, party, session) is { } answer)
        {
            return answer.Allow && scopes.All(answer.Scopes.Contains) ? new ConsentDecision.Allowed(scopes, ByConsent: true) : new ConsentDecision.Denied();
        }

        var needed = party.ConsentType is ConsentTypes.Explicit || scopes.Contains(Scopes.OfflineAccess);
        return !request.HasPromptValue(PromptValues.Consent) && (!needed || await CoveredAsync(party, session, scopes))
            ? new ConsentDecision.Allowed(scopes, ByConsent: needed)
            : new ConsentDecision.Ask(Page(context, party, session, scopes));
    }

    /// <summary>The person pressed a button on the page; back to the authorization endpoint with the sealed answer.</summary>
    public async Task<IResult> AnswerAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        if (CurrentSession.Of(context) is not { } session
            || markers.Open("question", form["question"]) is not { } json
            || JsonSerializer.Deserialize<Question>(json) is not { } question
            || question.Session != session.Id)
        {
            return SeeOther.To("/");
        }

        var allow = form["decision"] == "allow";
        if (allow)
        {
            await RememberAsync(session.UserId, question);
        }

        var answer = markers.Seal(Parameter, JsonSerializer.Serialize(new Answer(session.Id, question.ClientId, allow, question.Scopes)));
        return SeeOther.To(QueryHelpers.AddQueryString(question.Return, Parameter, answer));
    }

    private async Task<bool> CoveredAsync(RelyingParty party, CurrentSession session, string[] scopes)
    {
        var known = await db.Set<Consent>().AsNoTracking().FirstOrDefaultAsync(c => c.UserId == session.UserId && c.ClientId == party.ClientId);
        return known?.Covers(scopes) == true;
    }

    private Answer? Answered(HttpContext context, RelyingParty party, CurrentSession session) =>
        markers.Open(Parameter, context.Request.Query[Parameter]) is { } json
        && JsonSerializer.Deserialize<Answer>(json) is { } answer
        && answer.Session == session.Id
        && answer.ClientId == party.ClientId
            ? answer
            : null;

    private Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<ConsentPage> Page(HttpContext context, RelyingParty party, CurrentSession session, string[] scopes)
    {
        var question = new Question(session.Id, party.ClientId!, scopes, ReturnAddress.Of(context, Parameter));
        return new(new Dictionary<string, object?>
        {
            [nameof(ConsentPage.Application)] = party.DisplayName ?? party.ClientId,
            [nameof(ConsentPage.Person)] = session.Email,
            [nameof(ConsentPage.Scopes)] = (IReadOnlyList<string>)scopes,
            [nameof(ConsentPage.Action)] = "/consent",
            [nameof(ConsentPage.Fields)] = (IReadOnlyList<KeyValuePair<string, string>>)[new("question", markers.Seal("question", JsonSerializer.Serialize(question)))],
        });
    }

    private async Task RememberAsync(Guid user, Question question)
    {
        var now = time.GetUtcNow();
        await db.InTransactionAsync(async () =>
        {
            var known = await db.Set<Consent>().FirstOrDefaultAsync(c => c.UserId == user && c.ClientId == question.ClientId);
            if (known is null)
            {
                known = new Consent { UserId = user, ClientId = question.ClientId, Scopes = "", GrantedAt = now };
                db.Add(known);
            }

            known.Scopes = string.Join(' ', known.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Union(question.Scopes).Order(StringComparer.Ordinal));
            known.GrantedAt = now;
            audit.Add(db, "application_allowed", Initiator.Person(user).Name, user, question.Session, new { client = question.ClientId, scopes = question.Scopes });
            return await db.SaveChangesAsync();
        });
    }

    private sealed record Question(Guid Session, string ClientId, string[] Scopes, string Return);

    private sealed record Answer(Guid Session, string ClientId, bool Allow, string[] Scopes);
}
