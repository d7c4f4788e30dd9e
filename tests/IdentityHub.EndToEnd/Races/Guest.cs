using System.Collections.Concurrent;
using IdentityHub.EndToEnd.Faults;

namespace IdentityHub.EndToEnd.Races;

/// <summary>A person with one session, and whatever their browsers and applications got hold of during a round.</summary>
internal sealed class Guest(Guid userId, Guid sessionId, string sid, string email, HubDriver browser)
{
    public Guid UserId => userId;

    public Guid SessionId => sessionId;

    public string Sid => sid;

    public string Email => email;

    public HubDriver Browser => browser;

    /// <summary>The ID token of the first application, a hint for signing out.</summary>
    public string? IdToken { get; set; }

    /// <summary>Every browser that ever had a cookie of this person.</summary>
    public ConcurrentBag<HubDriver> Browsers { get; } = [browser];

    public ConcurrentBag<AuthorizationCode> Codes { get; } = [];

    public ConcurrentBag<(RelyingPartySettings Application, Tokens Tokens)> Tokens { get; } = [];

    /// <summary>A code, or an honest no.</summary>
    public void Take(Answer<AuthorizationCode> answer)
    {
        if (answer.Value is { } code)
        {
            Codes.Add(code);
        }
        else if (answer.Error!.Code != "login_required")
        {
            throw new InvalidOperationException($"Instead of login_required the authorization endpoint said {answer.Error}.");
        }
    }

    /// <summary>Tokens, or an honest no.</summary>
    /// <returns>Whether there were tokens.</returns>
    public bool Take(RelyingPartySettings application, Answer<Tokens> answer)
    {
        if (answer.Value is { } tokens)
        {
            Tokens.Add((application, tokens));
            return true;
        }

        return answer.Error!.Code == "invalid_grant"
            ? false
            : throw new InvalidOperationException($"Instead of invalid_grant the token endpoint said {answer.Error}.");
    }
}
