using System.ComponentModel;
using System.Text.Json;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Api;

/// <summary>The applications: what they registered, how they stand with being told, and changing both.</summary>
internal static class RelyingPartiesApi
{
    private const string One = "/relying-parties/{clientId}";

    public static void MapRelyingParties(this RouteGroupBuilder api)
    {
        api.MapGet("/relying-parties", ListAsync)
            .Allows(Capability.ReadRelyingParties, "listRelyingParties", "The applications by client id.", "search", "cursor", "limit").Answers<ApiPage<ApiRelyingParty>>();
        api.MapGet(One, async (HttpContext http, RelyingPartyList list, string clientId) =>
                await list.FindAsync(clientId, http.RequestAborted) is { } found ? TypedResults.Ok(ApiRelyingParty.Of(found)) : NotThere)
            .Allows(Capability.ReadRelyingParties, "getRelyingParty", "One application and how it stands with being told.").Answers<ApiRelyingParty>().MayRefuse(StatusCodes.Status404NotFound);
        api.MapGet(One + "/registration", RegistrationAsync)
            .Allows(Capability.ReadRelyingParties, "getRegistration", "What an application registered; never its secret.").Answers<ApiRegistration>().MayRefuse(StatusCodes.Status404NotFound);
        api.MapPut(One, PutAsync)
            .Allows(Capability.ManageRelyingParties, "putRelyingParty", "Registers an application, or makes it what is described; its secret stays.")
            .TakesBody<ApiRegistration>().Answers<ApiChanged>().MayRefuse(StatusCodes.Status409Conflict);
        api.MapPost(One + "/rotate-secret", RotateAsync)
            .Allows(Capability.ManageRelyingParties, "rotateSecret", "A new secret, which the answer has and nothing else; the one so far stays good for the overlap.")
            .TakesBody<ApiRotateSecret>().OnceByKey().Answers<ApiChanged>().MayRefuse(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        Act(api.MapPost(One + "/end-previous-secret", EndPreviousAsync), "endPreviousSecret", "Ends the overlap: the secret before is worth nothing any more.");
        Act(api.MapPost(One + "/disable", async (HttpContext http, RelyingPartyRemoval removal, string clientId) =>
            Answer(await removal.DisableAsync(clientId, ApiCaller.Of(http).Initiator, http.RequestAborted))), "disableRelyingParty", "Nothing is issued to it any more, and every session it takes part in ends.");
        Act(api.MapPost(One + "/enable", async (HttpContext http, RelyingPartyRemoval removal, string clientId) =>
            Answer(await removal.EnableAsync(clientId, ApiCaller.Of(http).Initiator, http.RequestAborted))), "enableRelyingParty", "It may be used again. What has ended stays ended.");
        Act(api.MapDelete(One, async (HttpContext http, RelyingPartyRemoval removal, string clientId) =>
            Answer(await removal.RemoveAsync(clientId, ApiCaller.Of(http).Initiator, http.RequestAborted))), "removeRelyingParty", "Removes what is disabled and whose sessions have ended.");
        api.MapPost(One + "/ring", RingAsync)
            .Allows(Capability.RedriveRevocations, "ringRelyingParty", "Tries its deliveries anew that it refused or never confirmed.").OnceByKey().Answers<ApiRedriven>().MayRefuse(StatusCodes.Status404NotFound);
        api.MapPost(One + "/prove", async (HttpContext http, LogoutProver prover, string clientId) =>
                await prover.ProveAsync(clientId, ApiCaller.Of(http).Initiator, http.RequestAborted) is { } proof ? TypedResults.Ok(ApiProof.Of(proof)) : NotThere)
            .Allows(Capability.ManageRelyingParties, "proveRelyingParty", "Signs a synthetic person in there, ends the session, and says whether the application noticed.").Answers<ApiProof>().MayRefuse(StatusCodes.Status404NotFound);
    }

    private static void Act(RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.Allows(Capability.ManageRelyingParties, name, summary).OnceByKey().Answers<ApiChanged>().MayRefuse(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);

    private static async Task<IResult> ListAsync(HttpContext http, RelyingPartyList list)
    {
        var parameters = new ApiParameters(http);
        var (search, place) = (parameters.Text("search", 100), parameters.Place());
        if (parameters.Refusal is { } refusal)
        {
            return refusal;
        }

        var page = await list.PageAsync(search, place.After, place.Limit, http.RequestAborted);
        return ApiCursors.Page(http, page.Parties.Select(ApiRelyingParty.Of), page.Next);
    }

    private static async Task<IResult> RegistrationAsync(HttpContext http, HubDb db, RelyingPartyRegistry registry, string clientId) =>
        await FindAsync(db, clientId, http.RequestAborted) is { } party
            ? TypedResults.Ok(ApiRegistration.Of(await registry.ReadAsync(party, http.RequestAborted), party.ClientSecret is not null))
            : NotThere;

    private static async Task<IResult> PutAsync(HttpContext http, HubDb db, RelyingPartyRegistry registry, RelyingPartyChanges changes, string clientId)
    {
        var (body, refusal) = await ApiJson.ReadAsync<ApiRegistration>(http);
        if (refusal is not null)
        {
            return refusal;
        }

        var (registration, caller) = (body!.Read(clientId), ApiCaller.Of(http));
        var known = await FindAsync(db, clientId, http.RequestAborted);
        if (Beyond(caller, [.. registration.Scopes, .. await ScopesAsync(registry, known, http.RequestAborted)]) is { } beyond)
        {
            return beyond;
        }

        return Answer(known is null
            ? await changes.RegisterAsync(registration, body.Confidential ?? true, caller.Initiator, http.RequestAborted, ApiRegistration.Name)
            : await changes.ChangeAsync(clientId, null, registration, caller.Initiator, http.RequestAborted, ApiRegistration.Name));
    }

    private static Task<RelyingParty?> FindAsync(HubDb db, string clientId, CancellationToken cancel) =>
        db.Set<RelyingParty>().AsNoTracking().SingleOrDefaultAsync(r => r.ClientId == clientId, cancel);

    private static async Task<IEnumerable<string>> ScopesAsync(RelyingPartyRegistry registry, RelyingParty? party, CancellationToken cancel) =>
        party is null ? [] : (await registry.ReadAsync(party, cancel)).Scopes;

    private static IResult? Beyond(ApiCaller caller, IEnumerable<string> scopes) => caller.Beyond(scopes).ToList() is { Count: > 0 } beyond
        ? ApiProblem.Of(
            StatusCodes.Status403Forbidden, "Forbidden", $"An application that has {string.Join(", ", beyond)} can be changed by a program only with an access token that has it too.",
            new Dictionary<string, string[]> { ["scopes"] = [.. beyond.Select(scope => $"The access token does not have {scope}.")] })
        : null;

    private static async Task<IResult> RotateAsync(HttpContext http, HubDb db, RelyingPartyRegistry registry, RelyingPartyChanges changes, string clientId)
    {
        var (body, refusal) = await ApiJson.ReadAsync<ApiRotateSecret>(http);
        if (refusal is not null)
        {
            return refusal;
        }

        if (Beyond(ApiCaller.Of(http), await ScopesAsync(registry, await FindAsync(db, clientId, http.RequestAborted), http.RequestAborted)) is { } beyond)
        {
            return beyond;
        }

        var overlap = body!.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : RelyingPartyChanges.UsualOverlap;
        return overlap < TimeSpan.Zero || overlap > RelyingPartyChanges.LongestOverlap
            ? ApiProblem.Member("overlapSeconds", $"overlapSeconds is {body.OverlapSeconds}; it must be from 0 to {(int)RelyingPartyChanges.LongestOverlap.TotalSeconds}.")
            : Answer(await changes.RotateSecretAsync(clientId, overlap, ApiCaller.Of(http).Initiator, http.RequestAborted));
    }

    private static async Task<IResult> EndPreviousAsync(HttpContext http, HubDb db, RelyingPartyRegistry registry, RelyingPartyChanges changes, string clientId) =>
        Beyond(ApiCaller.Of(http), await ScopesAsync(registry, await FindAsync(db, clientId, http.RequestAborted), http.RequestAborted))
        ?? Answer(await changes.EndPreviousSecretAsync(clientId, ApiCaller.Of(http).Initiator, http.RequestAborted));

    private static async Task<IResult> RingAsync(HttpContext http, HubDb db, UnansweredDeliveries unanswered, string clientId) =>
        await FindAsync(db, clientId, http.RequestAborted) is null ? NotThere : TypedResults.Ok(new ApiRedriven(await unanswered.RingAgainAsync(ApiCaller.Of(http).Initiator.Name, clientId)));

    private static IResult Answer(PartyChanged changed) => changed.Result switch
    {
        PartyChange.Done => TypedResults.Ok(new ApiChanged(changed.Secret)),
        PartyChange.NotFound => NotThere,
        PartyChange.Refused => ApiProblem.Members(changed.Refusals.GroupBy(r => ApiRegistration.Name(r.Member)).ToDictionary(g => g.Key, g => g.Select(r => r.Words).ToArray())),
        PartyChange.Declared => ApiProblem.Conflict("Configuration declares this application; change it there."),
        PartyChange.ChangedMeanwhile => ApiProblem.Conflict("Somebody else has changed it meanwhile; read it anew."),
        PartyChange.Public => ApiProblem.Conflict("It is a public client and has no secret."),
        PartyChange.NotDisabled => ApiProblem.Conflict("Disable it first; that ends its sessions."),
        PartyChange.StillEnding => ApiProblem.Conflict("Some of its sessions have not ended. Try again in a moment; if ending them was given up, disable it again."),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static IResult NotThere => ApiProblem.NotFound("No application is registered by this client id.");
}

/// <summary>An application and how it stands with being told.</summary>
/// <param name="ClientId">The <c>client_id</c>.</param>
/// <param name="Name">The name people see.</param>
/// <param name="Declared">Whether configuration declares it.</param>
/// <param name="DisabledAt">Since when nobody is signed in there.</param>
/// <param name="CanBeTold">Whether it has an address for logout tokens.</param>
/// <param name="CanBeProved">Whether it has an address by which it is proved that a session dies.</param>
/// <param name="Waiting">Deliveries that it has not answered yet, counted to a thousand.</param>
/// <param name="Unanswered">Deliveries that it refused or never answered, counted to a thousand.</param>
/// <param name="LastConfirmed">When it confirmed last.</param>
public sealed record ApiRelyingParty(
    string ClientId, string Name, bool Declared, DateTimeOffset? DisabledAt, bool CanBeTold, bool CanBeProved, int Waiting, int Unanswered, DateTimeOffset? LastConfirmed)
{
    internal static ApiRelyingParty Of(RelyingPartyState p) => new(p.ClientId, p.Name, p.Declared, p.DisabledAt, p.CanBeTold, p.CanBeProved, p.Waiting, p.Unanswered, p.LastConfirmed);
}

/// <summary>What an application registers; absent members have their defaults.</summary>
internal sealed class ApiRegistration
{
    [Description("Whether it gets a secret when it is registered. Default: true. Ignored afterwards.")]
    public bool? Confidential { get; init; }

    public string? DisplayName { get; init; }
    public IReadOnlyList<string>? RedirectUris { get; init; }
    public IReadOnlyList<string>? PostLogoutRedirectUris { get; init; }
    public string? BackChannelLogoutUri { get; init; }
    public bool? BackChannelLogoutSessionRequired { get; init; }
    public string? FrontChannelLogoutUri { get; init; }
    public bool? FrontChannelLogoutSessionRequired { get; init; }

    [Description("How long it is tried when it does not answer.")]
    public int? GiveUpAfterSeconds { get; init; }

    [Description("A page of the application that answers differently when somebody is signed in.")]
    public string? TestUri { get; init; }

    [Description("Sid, Sub or SidAndSub.")]
    public string? LogoutTokenSubject { get; init; }

    [Description("RS256 or ES256.")]
    public string? IdTokenSignedResponseAlg { get; init; }

    [Description("How old the person's authentication may be.")]
    public int? DefaultMaxAgeSeconds { get; init; }

    public bool? RequirePkce { get; init; }
    public bool? RequireConsent { get; init; }
    public IReadOnlyList<string>? Scopes { get; init; }
    public IReadOnlyList<string>? Audiences { get; init; }
    public IReadOnlyList<string>? GrantTypes { get; init; }

    /// <summary>How a member of a registration is called here.</summary>
    internal static string Name(string member) => member switch
    {
        nameof(Registration.GiveUpAfter) => "giveUpAfterSeconds",
        nameof(Registration.DefaultMaxAge) => "defaultMaxAgeSeconds",
        // A secret is never sent: it is made for an application that is to have one.
        nameof(Registration.ClientSecret) => "confidential",
        _ => JsonNamingPolicy.CamelCase.ConvertName(member),
    };

    internal Registration Read(string clientId)
    {
        var registration = new Registration
        {
            ClientId = clientId,
            DisplayName = DisplayName,
            BackChannelLogoutUri = BackChannelLogoutUri,
            BackChannelLogoutSessionRequired = BackChannelLogoutSessionRequired ?? false,
            FrontChannelLogoutUri = FrontChannelLogoutUri,
            FrontChannelLogoutSessionRequired = FrontChannelLogoutSessionRequired ?? false,
            GiveUpAfter = GiveUpAfterSeconds is { } giveUp ? TimeSpan.FromSeconds(giveUp) : null,
            TestUri = TestUri,
            LogoutTokenSubject = LogoutTokenSubject,
            IdTokenSignedResponseAlg = IdTokenSignedResponseAlg,
            DefaultMaxAge = DefaultMaxAgeSeconds is { } age ? TimeSpan.FromSeconds(age) : null,
            RequirePkce = RequirePkce ?? true,
            RequireConsent = RequireConsent ?? false,
        };
        foreach (var (to, from) in new[]
        {
            (registration.RedirectUris, RedirectUris), (registration.PostLogoutRedirectUris, PostLogoutRedirectUris), (registration.Scopes, Scopes),
            (registration.Audiences, Audiences), (registration.GrantTypes, GrantTypes),
        })
        {
            foreach (var value in from ?? [])
            {
                to.Add(value);
            }
        }

        return registration;
    }

    internal static ApiRegistration Of(Registration r, bool confidential) => new()
    {
        Confidential = confidential,
        DisplayName = r.DisplayName,
        RedirectUris = [.. r.RedirectUris],
        PostLogoutRedirectUris = [.. r.PostLogoutRedirectUris],
        BackChannelLogoutUri = r.BackChannelLogoutUri,
        BackChannelLogoutSessionRequired = r.BackChannelLogoutSessionRequired,
        FrontChannelLogoutUri = r.FrontChannelLogoutUri,
        FrontChannelLogoutSessionRequired = r.FrontChannelLogoutSessionRequired,
        GiveUpAfterSeconds = (int?)r.GiveUpAfter?.TotalSeconds,
        TestUri = r.TestUri,
        LogoutTokenSubject = r.LogoutTokenSubject,
        IdTokenSignedResponseAlg = r.IdTokenSignedResponseAlg,
        DefaultMaxAgeSeconds = (int?)r.DefaultMaxAge?.TotalSeconds,
        RequirePkce = r.RequirePkce,
        RequireConsent = r.RequireConsent,
        Scopes = [.. r.Scopes],
        Audiences = [.. r.Audiences],
        GrantTypes = [.. r.GrantTypes],
    };
}

internal sealed class ApiRotateSecret
{
    [Description("How long the secret before stays good, from 0 to 604800. Default: a day.")]
    public int? OverlapSeconds { get; init; }
}

/// <param name="ClientSecret">The new secret, where one was made: it is nowhere else.</param>
public sealed record ApiChanged(string? ClientSecret);

/// <param name="Id">The proof.</param>
/// <param name="At">When.</param>
/// <param name="Outcome">What came out, in snake case.</param>
/// <param name="Steps">What was done and seen, one after the other.</param>
public sealed record ApiProof(Guid Id, DateTimeOffset At, string Outcome, IReadOnlyList<ApiProofStep> Steps)
{
    internal static ApiProof Of(LogoutProof proof) => new(
        proof.Id, proof.At, JsonNamingPolicy.SnakeCaseLower.ConvertName(proof.Outcome.ToString()),
        [.. proof.ReadSteps().Select(s => new ApiProofStep(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(s.Kind.ToString()), JsonNamingPolicy.SnakeCaseLower.ConvertName(s.Seen.ToString()), s.Milliseconds, s.Address, s.Status, s.Detail))]);
}

public sealed record ApiProofStep(string Kind, string Seen, long Milliseconds, string? Address, int? Status, string? Detail);
