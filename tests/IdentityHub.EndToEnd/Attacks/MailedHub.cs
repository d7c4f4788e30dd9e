using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.EndToEnd.Races;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>A hub that confirms addresses, whose mails a test reads. Each test has people of its own.</summary>
public sealed class MailedHub : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RelyingPartyStub _notes = null!;

    internal HubProcess Hub { get; private set; } = null!;

    internal InsideHub Inside { get; private set; } = null!;

    internal Mailbox Mail => new(_folder.Path);

    internal RelyingPartySettings Notes => _notes.Settings;

    public async ValueTask InitializeAsync()
    {
        _notes = await RelyingPartyStub.StartAsync("notes");
        var settings = new HubSettings { Port = FreePorts.Next(), DataFolder = _folder.Path, RequireConfirmedEmail = true, RelyingParties = [_notes.Settings] };
        Hub = await HubProcess.StartAsync(settings);
        Inside = new InsideHub(settings);
    }

    public async ValueTask DisposeAsync()
    {
        await (Inside?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Hub?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _notes.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    /// <summary>Somebody with an account and a confirmed address.</summary>
    internal async Task<Person> PersonAsync(Action<User>? with = null)
    {
        var person = Person.New();
        await Hub.AddPersonAsync(person.Email, person.Name, person.Password);
        if (with is not null)
        {
            await Inside.AskAsync(async db =>
            {
                with(db.Users.Single(u => u.Email == person.Email));
                return await db.SaveChangesAsync();
            });
        }

        return person;
    }

    internal Surfer Surfer() => new(Hub.Address);

    /// <summary>Asks for a link to reset the password, and takes it out of the mailbox.</summary>
    internal async Task<string> ResetLinkAsync(Person person, int count = 1)
    {
        await Surfer().SubmitAsync("/forgot-password", "send-link", ("email", person.Email));
        return Mailbox.Link(await Mail.WaitAsync(person.Email, "Choose a new password", count), "/reset-password");
    }
}

[CollectionDefinition(nameof(MailedHub))]
public sealed class TestsShareAMailbox : ICollectionFixture<MailedHub>;
