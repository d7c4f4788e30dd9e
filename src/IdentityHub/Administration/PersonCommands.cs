using System.CommandLine;
using IdentityHub.Access;
using IdentityHub.Revocation;

namespace IdentityHub.Administration;

/// <summary><c>hub person find | show | end-all | disable | enable | require-new-password | delete</c>.</summary>
internal static class PersonCommands
{
    /// <summary>Adds them beside <c>hub person add</c>.</summary>
    public static void AddTo(Command person, Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var who = new Argument<string>("person") { Description = "An e-mail address or an identifier." };
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.OneOrMore, Description = "Beginnings of words of the name or address." };
        var find = new Command("find", "People whose name or address has words that begin so; at most 25, the rest is counted as more.") { words, json };
        find.SetAction((parsed, cancel) => run(
            (services, stop) => FindAsync(services.GetRequiredService<People>(), string.Join(' ', parsed.GetValue(words)!), Spoken.Of(parsed, json), stop), cancel));
        var show = new Command("show", "What is on file of a person, and what would end with them.") { who, json };
        show.SetAction((parsed, cancel) => run((services, stop) => ShowAsync(services, parsed.GetValue(who)!, Spoken.Of(parsed, json), stop), cancel));
        person.Add(find);
        person.Add(show);
        Act("end-all", "Ends every session of a person and all access that applications kept; they may sign in again.", (acts, id) => acts.EndAllAsync(id, Initiator.CommandLine));
        Act("disable", "From now on the account signs nobody in; everything ends.", (acts, id) => acts.DisableAsync(id, Initiator.CommandLine));
        Act("enable", "The account signs in again.", (acts, id) => acts.EnableAsync(id, Initiator.CommandLine));
        Act("require-new-password", "Password and passkeys are void and everything ends; the person is mailed the way to a new password.", (acts, id) => acts.RequireNewPasswordAsync(id, Initiator.CommandLine));
        Act("delete", "Closes the account: everything ends, what is personal is erased, and there is no way back.", (acts, id) => acts.DeleteAsync(id, Initiator.CommandLine), irrevocable: true);

        void Act(string name, string description, Func<PersonActs, Guid, Task<PersonAct>> act, bool irrevocable = false)
        {
            var yes = new Option<bool>("--yes") { Description = "Do it. Without it nothing is done." };
            var command = new Command(name, description) { who, json };
            if (irrevocable)
            {
                command.Add(yes);
            }

            command.SetAction((parsed, cancel) => irrevocable && !parsed.GetValue(yes)
                ? Spoken.Of(parsed, json).RefuseAsync("There is no way back. Add --yes to do it.")
                : run((services, stop) => ActAsync(services, parsed.GetValue(who)!, act, Spoken.Of(parsed, json), stop), cancel));
            person.Add(command);
        }
    }

    private static async Task<int> FindAsync(People people, string search, Spoken answer, CancellationToken cancel)
    {
        var page = await people.PageAsync(search, null, People.PageSize, cancel);
        if (answer.Json)
        {
            answer.Write(new { people = page.People, more = page.Next is not null });
            return 0;
        }

        foreach (var found in page.People)
        {
            answer.Say($"{found.Id}  {found.Email}  {found.Name}  {found.Sessions} sessions{(found.DisabledAt is null ? "" : "  disabled")}");
        }

        answer.Say(page.People.Count == 0 ? "Nobody." : page.Next is null ? "" : "There are more; add a word.");
        return 0;
    }

    private static async Task<int> ShowAsync(IServiceProvider services, string person, Spoken answer, CancellationToken cancel)
    {
        var details = services.GetRequiredService<PersonDetails>();
        if (await SessionCommand.FindAsync(services, person, cancel) is not { } id || await details.FindAsync(id, cancel) is not { } p)
        {
            return await SessionCommand.NobodyAsync(answer, person);
        }

        var ends = await details.WouldEndAsync(id, null, cancel);
        if (answer.Json)
        {
            answer.Write(new { p.Id, p.Name, p.Email, p.EmailConfirmed, p.CreatedAt, p.DisabledAt, p.ClosedAt, p.Password, p.AuthenticatorSince, p.Passkeys, p.RecoveryCodes, role = p.Role?.Name(), ends.Sessions, ends.Applications });
            return 0;
        }

        answer.Say($"{p.Name} <{p.Email}>  {p.Id}{(p.ClosedAt is not null ? "  closed" : p.DisabledAt is not null ? "  disabled" : "")}{(p.Role is { } role ? $"  {role.Name()}" : "")}");
        answer.Say(FormattableString.Invariant($"since {p.CreatedAt:yyyy-MM-dd HH:mm}Z; password: {(p.Password ? "yes" : "no")}, authenticator: {(p.AuthenticatorSince is null ? "no" : "yes")}, passkeys: {p.Passkeys}"));
        answer.Say($"{ends.Sessions} live sessions");
        foreach (var application in ends.Applications)
        {
            answer.Say($"  {application.ClientId} in {application.Sessions}{(application.Told ? "" : ", cannot be told")}");
        }

        return 0;
    }

    private static async Task<int> ActAsync(IServiceProvider services, string person, Func<PersonActs, Guid, Task<PersonAct>> act, Spoken answer, CancellationToken cancel)
    {
        if (await SessionCommand.FindAsync(services, person, cancel) is not { } id)
        {
            return await SessionCommand.NobodyAsync(answer, person);
        }

        var done = await act(services.GetRequiredService<PersonActs>(), id);
        switch (done.Refusal)
        {
            case null:
                SessionCommand.Report(answer, done.Ended);
                return 0;
            case PersonRefusal.NotThere:
                return await SessionCommand.NobodyAsync(answer, person);
            default:
                return await answer.RefuseAsync(done.Refusal switch
                {
                    PersonRefusal.Closed => "The account is closed.",
                    PersonRefusal.AlreadySo => "It is so already.",
                    PersonRefusal.Disabled => "The account is disabled; enable it first.",
                    _ => "This is the last administrator. Make another one first: hub admin set EMAIL administrator",
                });
        }
    }
}
