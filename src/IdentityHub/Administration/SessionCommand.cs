using System.CommandLine;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Administration;

/// <summary><c>hub session list | end</c>: who is signed in, and ending one session.</summary>
internal static class SessionCommand
{
    private const int Page = 200;

    public static Command Create(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var json = new Option<bool>("--json") { Description = "Answer in JSON, one object a line." };
        var person = new Option<string?>("--person") { Description = "Of this person: an e-mail address or an identifier." };
        var all = new Option<bool>("--all") { Description = "Of everybody, person by person." };
        var list = new Command("list", "The sessions that are live now.") { person, all, json };
        list.SetAction((parsed, cancel) => run((services, stop) => ListAsync(services, parsed.GetValue(person), parsed.GetValue(all), Spoken.Of(parsed, json), stop), cancel));

        var id = new Argument<Guid>("id") { Description = "As list prints it." };
        var end = new Command("end", "Ends one session; every application in it is told.") { id, json };
        end.SetAction((parsed, cancel) => run((services, _) => EndAsync(services.GetRequiredService<SessionRevoker>(), parsed.GetValue(id), Spoken.Of(parsed, json)), cancel));
        return new Command("session", "Where people are signed in.") { list, end };
    }

    /// <summary>The person by address or identifier; null when there is none.</summary>
    public static async Task<Guid?> FindAsync(IServiceProvider services, string person, CancellationToken cancel) => Guid.TryParse(person, out var id)
        ? await services.GetRequiredService<HubDb>().Users.AnyAsync(u => u.Id == id, cancel) ? id : null
        : (await services.GetRequiredService<UserManager<User>>().FindByEmailAsync(person))?.Id;

    public static Task<int> NobodyAsync(Spoken answer, string person) =>
        answer.RefuseAsync($"There is no person '{person}'. Give an e-mail address or an identifier; 'hub person find WORD' looks for one.", Spoken.NotFound);

    private static async Task<int> ListAsync(IServiceProvider services, string? person, bool all, Spoken answer, CancellationToken cancel)
    {
        if (all == person is not null)
        {
            return await answer.RefuseAsync("Whose? Give one of --person EMAIL|ID and --all.");
        }

        var whose = person is null ? null : await FindAsync(services, person, cancel);
        if (person is not null && whose is null)
        {
            return await NobodyAsync(answer, person);
        }

        var (sessions, count) = (services.GetRequiredService<LiveSessionList>(), 0);
        for (LiveSessionPlace? after = null; ;)
        {
            var page = await sessions.PageAsync(whose, after, Page, cancel);
            foreach (var session in page.Sessions)
            {
                count++;
                Say(answer, session);
            }

            if (page.Next is null)
            {
                break;
            }

            after = page.Next;
        }

        if (!answer.Json && count == 0)
        {
            answer.Say("Nobody is signed in.");
        }

        return 0;
    }

    private static void Say(Spoken answer, LiveSession session)
    {
        answer.Answer(session, FormattableString.Invariant(
            $"{session.Id}  {session.Email}  since {session.CreatedAt:yyyy-MM-dd HH:mm}Z  seen {session.LastSeenAt:yyyy-MM-dd HH:mm}Z  {session.Address}  {string.Join(' ', session.Applications.Select(a => a.ClientId))}{(session.ApplicationCount > session.Applications.Count ? $" and {session.ApplicationCount - session.Applications.Count} more" : "")}"));
    }

    private static async Task<int> EndAsync(SessionRevoker revoker, Guid id, Spoken answer)
    {
        var ended = await revoker.EndSessionAsync(id, RevocationReason.SessionRevokedByAdministrator, Initiator.CommandLine);
        if (ended == Ended.Nothing)
        {
            return await answer.RefuseAsync($"There is no live session {id}.", Spoken.NotFound);
        }

        Report(answer, ended);
        return 0;
    }

    public static void Report(Spoken answer, Ended ended)
    {
        if (answer.Json)
        {
            answer.Write(new { revocation = ended.RevocationId == Guid.Empty ? (Guid?)null : ended.RevocationId, ended.Sessions, deliveries = ended.RelyingParties });
            return;
        }

        answer.Say(ended == Ended.Nothing ? "Done." : FormattableString.Invariant($"Done: {ended.Sessions} sessions ended, {ended.RelyingParties} logout tokens to deliver (revocation {ended.RevocationId})."));
    }
}
