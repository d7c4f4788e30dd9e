using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;

namespace IdentityHub.Administration;

/// <summary><c>hub rp add</c>: registers an application from the command line.</summary>
internal static class RelyingPartyCommand
{
    public static Command Create(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var id = new Option<string>("--client-id") { Required = true, Description = "The client_id, for example notes." };
        var name = new Option<string>("--name") { Description = "The name people see." };
        var redirect = new Option<string[]>("--redirect-uri") { Description = "A redirect URI; may be repeated.", AllowMultipleArgumentsPerToken = false };
        var postLogout = new Option<string[]>("--post-logout-redirect-uri") { Description = "Where the browser may go after sign-out; may be repeated." };
        var backChannel = new Option<string?>("--backchannel-logout-uri") { Description = "Where the application hears that a session is over." };
        var sessionRequired = new Option<bool>("--backchannel-logout-session-required") { Description = "The logout token must carry sid." };
        var subject = new Option<string?>("--logout-token-subject") { Description = "Sid (default), Sub or SidAndSub." };
        var algorithm = new Option<string?>("--id-token-signed-response-alg") { Description = "RS256 (default) or ES256." };
        var maxAge = new Option<int?>("--default-max-age") { Description = "How old the person's authentication may be, in seconds; older ones are asked for again." };
        var frontChannel = new Option<string?>("--frontchannel-logout-uri") { Description = "Where the person's browser tells it that a session is over, for an application that cannot be called." };
        var frontChannelSession = new Option<bool>("--frontchannel-logout-session-required") { Description = "It wants iss and sid there." };
        var giveUpAfter = new Option<TimeSpan?>("--give-up-after") { Description = "How long it is tried when it does not answer, for example 2.00:00:00 for two days. Default: BackChannelLogout:GiveUpAfter." };
        var test = new Option<string?>("--test-uri") { Description = "A page that sends whoever is not signed in to the hub: by it the hub proves that a session dies there." };
        var scope = new Option<string[]>("--scope") { Description = "A scope it may ask for; may be repeated. Default: profile email." };
        var audience = new Option<string[]>("--audience") { Description = "An API its access tokens are for; may be repeated." };
        var grant = new Option<string[]>("--grant-type") { Description = "authorization_code, refresh_token, client_credentials; may be repeated. Default: the first two." };
        var isPublic = new Option<bool>("--public") { Description = "A public client: no secret, always PKCE." };
        var consent = new Option<bool>("--require-consent") { Description = "Ask the person first." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var noPkce = new Option<bool>("--no-pkce") { Description = "Accept requests without PKCE from this confidential client." };
        var add = new Command("add", "Register an application, or change the one with this client id; prints its new client secret once.")
        {
            id, name, redirect, postLogout, backChannel, sessionRequired, subject, algorithm, frontChannel, frontChannelSession, giveUpAfter, maxAge, test, scope, audience, grant, isPublic, consent, noPkce, json,
        };
        add.SetAction((parsed, cancel) =>
        {
            var registration = new Registration
            {
                ClientId = parsed.GetValue(id)!,
                ClientSecret = parsed.GetValue(isPublic) ? null : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)),
                DisplayName = parsed.GetValue(name),
                BackChannelLogoutUri = parsed.GetValue(backChannel),
                BackChannelLogoutSessionRequired = parsed.GetValue(sessionRequired),
                LogoutTokenSubject = parsed.GetValue(subject),
                IdTokenSignedResponseAlg = parsed.GetValue(algorithm),
                DefaultMaxAge = parsed.GetValue(maxAge) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                FrontChannelLogoutUri = parsed.GetValue(frontChannel),
                FrontChannelLogoutSessionRequired = parsed.GetValue(frontChannelSession),
                GiveUpAfter = parsed.GetValue(giveUpAfter),
                TestUri = parsed.GetValue(test),
                RequireConsent = parsed.GetValue(consent),
                RequirePkce = !parsed.GetValue(noPkce),
            };
            AddAll(registration.RedirectUris, parsed.GetValue(redirect));
            AddAll(registration.PostLogoutRedirectUris, parsed.GetValue(postLogout));
            AddAll(registration.Scopes, parsed.GetValue(scope));
            AddAll(registration.Audiences, parsed.GetValue(audience));
            AddAll(registration.GrantTypes, parsed.GetValue(grant));
            return run((services, stop) => AddAsync(services, registration, Spoken.Of(parsed, json), stop), cancel);
        });
        return new Command("rp", "The applications that rely on this hub.") { add };
    }

    private static async Task<int> AddAsync(IServiceProvider services, Registration registration, Spoken answer, CancellationToken cancel)
    {
        var development = services.GetRequiredService<IHostEnvironment>().IsDevelopment();
        if (RegistrationRules.Refusal(registration, services.GetRequiredService<AddressRule>(), development, OptionName) is { } refusal)
        {
            return await answer.RefuseAsync(refusal);
        }

        if (await services.GetRequiredService<RelyingPartyList>().FindAsync(registration.ClientId, cancel) is { Declared: true })
        {
            return await answer.RefuseAsync($"{registration.ClientId} is declared in the configuration of the hub (RelyingParties); change it there.");
        }

        var (db, registry, audit) = (services.GetRequiredService<HubDb>(), services.GetRequiredService<RelyingPartyRegistry>(), services.GetRequiredService<AuditTrail>());
        var added = await db.InTransactionAsync(
            async () =>
            {
                var isNew = await registry.PutAsync(registration, declared: false, cancel);
                audit.Add(db, isNew ? "relying_party_registered" : "relying_party_changed", Initiator.CommandLine.Name, details: new { client = registration.ClientId });
                await db.SaveChangesAsync(cancel);
                return isNew;
            },
            cancel: cancel);
        var done = $"{(added ? "Registered" : "Changed")} {registration.ClientId}.";
        return answer.Answer(
            new { registration.ClientId, registration.ClientSecret, added },
            registration.ClientSecret is { } secret ? $"{done}\nclient_secret: {secret}\nIt is not shown again; the hub keeps only its hash." : done);
    }

    private static string OptionName(string member) => member switch
    {
        nameof(Registration.ClientId) => "--client-id",
        nameof(Registration.RedirectUris) => "--redirect-uri",
        nameof(Registration.PostLogoutRedirectUris) => "--post-logout-redirect-uri",
        nameof(Registration.BackChannelLogoutUri) => "--backchannel-logout-uri",
        nameof(Registration.IdTokenSignedResponseAlg) => "--id-token-signed-response-alg",
        nameof(Registration.LogoutTokenSubject) => "--logout-token-subject",
        nameof(Registration.DefaultMaxAge) => "--default-max-age",
        nameof(Registration.FrontChannelLogoutUri) => "--frontchannel-logout-uri",
        nameof(Registration.GiveUpAfter) => "--give-up-after",
        nameof(Registration.TestUri) => "--test-uri",
        nameof(Registration.DisplayName) => "--name",
        nameof(Registration.Scopes) => "--scope",
        nameof(Registration.Audiences) => "--audience",
        nameof(Registration.GrantTypes) => "--grant-type",
        _ => member,
    };

    private static void AddAll(IList<string> list, string[]? values)
    {
        foreach (var value in values ?? [])
        {
            list.Add(value);
        }
    }
}
