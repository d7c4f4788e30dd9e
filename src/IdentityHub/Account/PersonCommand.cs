using IdentityHub.Persons;
using System.CommandLine;

namespace IdentityHub.Account;

/// <summary><c>hub person add</c>: makes an account from the command line, for a first person or a demonstration.</summary>
internal static class PersonCommand
{
    public static Command Create(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var email = new Argument<string>("email") { Description = "The e-mail address the person signs in with." };
        var name = new Option<string>("--name") { Required = true, Description = "The name shown." };
        var password = new Option<bool>("--password-stdin") { Required = true, Description = "Read the password from standard input: it must not stand in the list of processes." };
        var add = new Command("add", "Make an account with a confirmed e-mail address.") { email, name, password };
        add.SetAction((parsed, cancel) => run((services, _) => AddAsync(services, parsed.GetValue(email)!, parsed.GetValue(name)!), cancel));
        return new Command("person", "The people who have an account.") { add };
    }

    private static async Task<int> AddAsync(IServiceProvider services, string email, string name)
    {
        var password = await Console.In.ReadLineAsync();
        if ((NewAccount.EmailError(email) ?? NewAccount.NameError(name) ?? services.GetRequiredService<PasswordRules>().Error(password, name, email)) is { } refusal)
        {
            await Console.Error.WriteLineAsync(refusal);
            return 2;
        }

        if (await services.GetRequiredService<NewPersons>().CreateAsync(name, email, password!, confirmed: true) is not { } user)
        {
            await Console.Error.WriteLineAsync($"There is an account with the address {email} already.");
            return 2;
        }

        Console.WriteLine($"Added {user.Id}.");
        return 0;
    }
}
